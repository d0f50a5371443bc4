/*
 * The clarity score while typing (contracts/clarity.py gives the same one on the server).
 * An enhancement: without it every score on the page is the one of the last save.
 *
 * Markup it expects:
 *
 *   {{ table|json_script:"vague-words" }}      contracts.wording.table_for_browser(language)
 *
 *   <form data-clarity-line data-number="2"    any element; one per contract line
 *         data-choices='["R9","R10"]'          the closed list, if the line has one
 *         data-attachment-name="label_b.pdf"   the locked file, if there is one
 *         data-attachment-sha256="…">
 *     <input name="characteristic">            fields by name, with or without a formset
 *     <input name="requirement">               prefix ("lines-0-requirement"): kind, unit,
 *     …                                        tolerance_minus, tolerance_plus, how_checked
 *     <output data-clarity-badge></output>     gets "Add detail 85" and data-level="detail"
 *     <p data-clarity-advice></p>              gets the gravest gap and its consequence
 *   </form>
 *
 *   <p data-clarity-score data-missing="3">    the contract: missing template lines cost 5 each;
 *     <output data-clarity-total></output>     gets the number; the element gets data-level and
 *   </p>                                       the CSS property --score
 *
 * Lines that arrive later (htmx) are picked up: events are heard on the document.
 */
(function (root) {
  "use strict";

  const FIELDS = [
    "characteristic", "kind", "requirement", "tolerance_minus", "tolerance_plus", "unit",
    "how_checked",
  ];
  const UNMEASURED = {
    file: "file", choice: "choice", compliance: "answer", colour: "colour_code",
    standard: "standard_number",
  };

  /** The rules of one table: `assess(line)` and `assessContract(lines, missing)`. */
  function rules(table) {
    const compiled = {};
    for (const [name, source] of Object.entries(table.patterns)) {
      compiled[name] = new RegExp(source, "u");
    }
    const exceptions = table.exceptions.map((source) => new RegExp(source, "gu"));
    const words = table.words.map(([word, kind, source]) => [word, kind, new RegExp(source, "gu")]);
    const invisible = new RegExp(`[${table.invisible}]`, "gu");

    function fold(text) {
      return (text || "")
        .normalize("NFKC")
        .replace(invisible, "")
        .replace(/[०-९]/gu, (digit) => String(digit.codePointAt(0) - 0x0966))
        .replace(/[ \t\n\r\f\v]+/gu, " ")
        .replace(/^ +| +$/gu, "");
    }
    const low = (text) => fold(text).toLowerCase();
    const match = (name, text) => compiled[name].exec(text);
    const isTolerance = (text) => match("tolerance", low(text)) !== null;

    function vagueWords(text) {
      let rest = exceptions.reduce((left, pattern) => left.replace(pattern, " "), low(text));
      const found = [];
      for (const [word, kind, pattern] of words) {
        const without = rest.replace(pattern, " ");
        if (without !== rest || pattern.test(rest)) found.push([word, kind]);
        pattern.lastIndex = 0;
        rest = without;
      }
      return found;
    }

    function approximation(text) {
      const found = match("approximate", text) || match("approximate_after", text);
      return found ? found[1] : "";
    }

    function unknownBook(text) {
      const found = match("pantone", text);
      return found && !table.books.includes(found[2]) ? found[1] : "";
    }

    function read(line) {
      const reading = {
        text: fold(line.requirement),
        low: low(line.requirement),
        lockedFile: Boolean(line.attachment_name && line.attachment_sha256),
        words: vagueWords(line.requirement),
      };
      reading.shows = (...names) => names.some((name) => match(name, reading.low));
      reading.standard = reading.shows("standard") || Boolean(match("standard_upper", reading.text));
      reading.knownColour = reading.shows("colour") && !unknownBook(reading.low);
      return reading;
    }

    const toleranceGiven = (line) => [line.tolerance_minus, line.tolerance_plus].some(isTolerance);

    function number(line, reading) {
      return reading.shows("number") && (Boolean(line.unit) || reading.shows("unit_in_text"));
    }
    const measurableBy = {
      number,
      range: (line, reading) =>
        (reading.shows("range", "limit", "plus_minus") || toleranceGiven(line)) &&
        number(line, reading),
      colour: (line, reading) => reading.shows("colour"),
      standard: (line, reading) => reading.standard,
      file: () => false,
      choice: (line, reading) => (line.choices || []).map(low).includes(reading.low),
      compliance: (line, reading) => reading.shows("yes_no"),
      brand: (line, reading) => Boolean(reading.low) && reading.words.length === 0,
    };
    const openText = (line, reading) =>
      reading.standard || reading.shows("number", "colour", "yes_no");

    function measurable(line, reading) {
      return reading.lockedFile || (measurableBy[line.kind] || openText)(line, reading);
    }

    function bounded(line, reading) {
      if (toleranceGiven(line) || reading.lockedFile) return true;
      if (["compliance", "choice", "brand", "standard"].includes(line.kind)) {
        return measurable(line, reading);
      }
      const limited = reading.shows("range", "limit", "plus_minus");
      if (line.kind === "range") return limited;
      if (reading.shows("number") && limited) return true;
      const closed =
        reading.standard || reading.knownColour || reading.shows("yes_no", "delta_e");
      return closed && line.kind !== "number";
    }

    function earned(line, reading) {
      const stated = Boolean(reading.low || line.attachment_name);
      return {
        name: Boolean(fold(line.characteristic)),
        requirement: stated,
        not_vague: stated && reading.words.length === 0 && !approximation(reading.low),
        measurable: measurable(line, reading),
        bounded: bounded(line, reading),
        checked: Boolean(fold(line.how_checked)),
      };
    }

    function unmeasured(line, reading) {
      if (line.kind === "range" && reading.shows("number")) return "limits";
      if (["number", "range"].includes(line.kind) && reading.shows("number")) return "unit";
      return UNMEASURED[line.kind] || "measurable";
    }

    function gaps(line, reading, points) {
      const name = line.characteristic || String(line.number || "");
      const found = [];
      const add = (kind, params) => found.push({ kind, params: params || { name } });
      if (!points.name) add("name");
      if (!points.requirement) {
        add("requirement");
      } else {
        const about = approximation(reading.low);
        if (about) add("approximate", { number: about });
        const vague = reading.words.filter(([, kind]) => !(about && kind === "approximate"));
        if (vague.length) add("vague_word", { words: vague.map(([word]) => word).join(", ") });
        if (!points.measurable) add(unmeasured(line, reading));
        const book = unknownBook(reading.low);
        if (book) add("pantone_book", { number: book });
        const written = [line.tolerance_minus, line.tolerance_plus].filter((text) => fold(text));
        if (!written.every(isTolerance)) add("tolerance_unreadable");
        else if (points.measurable && !points.bounded && !about) add("tolerance");
      }
      if (!points.checked) add("how_checked");
      return found;
    }

    function levelOf(score) {
      if (score >= table.levels.clear) return "clear";
      return score >= table.levels.detail ? "detail" : "vague";
    }

    function assess(line) {
      const reading = read(line);
      const points = earned(line, reading);
      const score = Object.entries(table.weights)
        .filter(([name]) => points[name])
        .reduce((sum, [, weight]) => sum + weight, 0);
      return { score, level: levelOf(score), gaps: gaps(line, reading, points) };
    }

    function assessContract(lines, missing) {
      const judged = lines.map(assess);
      const total = judged.reduce((sum, line) => sum + line.score, 0);
      const mean = judged.length
        ? Math.floor((2 * total + judged.length) / (2 * judged.length))
        : 0;
      const score = Math.max(0, mean - table.missing_line_costs * missing);
      return { score, level: levelOf(score), lines: judged };
    }

    return { assess, assessContract };
  }

  root.ClarityRules = { rules };
  if (typeof document === "undefined") return;

  function start() {
    const source = document.getElementById("vague-words");
    if (!source) return;
    const table = JSON.parse(source.textContent);
    const judge = rules(table);
    let waiting;
    const later = (event) => {
      if (!event.target.closest || !event.target.closest("[data-clarity-line]")) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => paint(table, judge), 120);
    };
    document.addEventListener("input", later);
    document.addEventListener("change", later);
    document.addEventListener("htmx:afterSettle", () => paint(table, judge));
    paint(table, judge);
  }

  function lineOf(element) {
    const line = {
      number: element.dataset.number,
      attachment_name: element.dataset.attachmentName || "",
      attachment_sha256: element.dataset.attachmentSha256 || "",
      choices: JSON.parse(element.dataset.choices || "[]"),
    };
    for (const name of FIELDS) {
      const field = element.querySelector(`[name="${name}"], [name$="-${name}"]`);
      line[name] = field ? field.value : element.dataset[name] || "";
    }
    return line;
  }

  function paint(table, judge) {
    const elements = [...document.querySelectorAll("[data-clarity-line]")];
    const board = document.querySelector("[data-clarity-score]");
    const missing = board ? Number(board.dataset.missing || 0) : 0;
    const result = judge.assessContract(elements.map(lineOf), missing);
    elements.forEach((element, place) => paintLine(element, result.lines[place], table));
    if (!board) return;
    board.dataset.level = result.level;
    board.style.setProperty("--score", result.score);
    say(board.querySelector("[data-clarity-total]"), String(result.score));
  }

  function paintLine(element, assessment, table) {
    element.dataset.level = assessment.level;
    const badge = element.querySelector("[data-clarity-badge]");
    if (badge) badge.dataset.level = assessment.level;
    const words = (table.levels_in_words || {})[assessment.level] || assessment.level;
    say(badge, `${words} ${assessment.score}`);
    const [gap] = assessment.gaps;
    say(element.querySelector("[data-clarity-advice]"), gap ? sentence(gap, table) : "");
  }

  function sentence(gap, table) {
    const message = table.messages[gap.kind].replace(/%\((\w+)\)s/g, (_, name) => gap.params[name]);
    return `${message} ${table.consequences[gap.kind]}`;
  }

  /** Change a text only if it differs, so that screen readers hear changes and nothing else. */
  function say(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  start();
})(globalThis);

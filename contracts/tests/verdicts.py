"""Lines as traders write them, in three languages, with the verdict that a buyer must hear.

Columns: characteristic | kind | requirement | unit | tolerance | how it is checked | level | gaps.
"""

from contracts.clarity import Line

ENGLISH = """
Fabric|number|Organic cotton, 200|g/m²|5 %|ISO 3801, 5 cuttings|clear|
Fabric|number|Organic cotton, about 200|g/m²||ISO 3801|detail|approximate
Fabric|text|Good quality cotton|||Looked at|vague|vague_word measurable
Fabric|text|Premium cotton|||none yet|vague|vague_word measurable
Fabric|number|180 gsm ± 5 %|||ISO 3801|clear|
Fabric|number|180|||ISO 3801|detail|unit
Fabric|number|180|g/m²|||detail|tolerance how_checked
Colour|colour|Pantone 19-4052 TCX||1.5|Spectrophotometer, D65|clear|
Colour|colour|Pantone 1935 D||1.5|Spectrophotometer, D65|clear|pantone_book
Colour|colour|navy blue|||Compared by eye|detail|colour_code
Colour|colour|nice navy blue|||Compared by eye|vague|vague_word colour_code
Colour|colour|RAL 5020|||Spectrophotometer, D65|clear|
Design|file|as design_draft_a.pdf|||Compared with the drawing|detail|file
Design|text|as per sample|||Compared|vague|vague_word measurable
Design|text|similar to the last order|||Compared|vague|vague_word measurable
Zipper|brand|YKK|||Mark on the slider|clear|
Zipper|brand|YKK or similar|||Mark on the slider|vague|vague_word measurable
REACH|compliance|yes|||Laboratory report|clear|
REACH|compliance|we will try|||Laboratory report|detail|answer
CPSIA|compliance|Compliant|||Laboratory report|clear|
Safety|standard|EN 71-3|||Laboratory report|clear|
Safety|standard|European toy rules|||Laboratory report|detail|standard_number
Safety|standard|usual standard|||Laboratory report|vague|vague_word standard_number
Capacity|number|20,000|mAh|3 %|IEC 61960-3|clear|
Capacity|number|approx. 20,000|mAh||IEC 61960-3|detail|approximate
Capacity|number|20,000 mAh|||IEC 61960-3|clear|tolerance
Output|range|≥ 22.5|W||Electronic load|clear|
Output|range|22.5|W||Electronic load|detail|limits
Charge left|range|at least 90|%||Stored 28 days|clear|
Moisture|range|8 to 12|%||Pin meter|clear|
Moisture|range|dry|%||Pin meter|detail|measurable
Steel|standard|AISI 304|||XRF analyser|clear|
Steel|text|high grade steel|||XRF analyser|vague|vague_word measurable
Height|number|30 cm high||0.5|Ruler|clear|
Cartons|text|5-ply, 20 pieces each, max 18 kg|||Counted and weighed|clear|
Cartons|text|strong export cartons|||Looked at|detail|measurable
Odour|text|no bad smell, etc.|||Smelled|vague|vague_word measurable
Seams|text|12 stitches per inch||1|Counted, 5 pieces|clear|
Seams|text|neat and proper|||Looked at|vague|vague_word measurable
Weight|number|350|g|some|Scale|clear|tolerance_unreadable
Weight|number||g|10|Scale|vague|requirement
Packing|text|to be confirmed||||vague|vague_word measurable how_checked
"""
CHINESE = """
面料|number|有机棉，200|克/平方米|5 %|ISO 3801，每批5块|clear|
面料|number|有机棉，约200|g/m²||ISO 3801|detail|approximate
面料|number|200左右|g/m²||ISO 3801|detail|approximate
面料|text|优质纯棉|||目测|vague|vague_word measurable
面料|text|高档面料|||目测|vague|vague_word measurable
面料|number|180克 ± 5 %|||ISO 3801|clear|
面料|number|180|||ISO 3801|detail|unit
颜色|colour|潘通 1935 C||1.5|分光光度计，D65|clear|
颜色|colour|潘通 1935 D||1.5|分光光度计，D65|clear|pantone_book
颜色|colour|藏青色|||目测|detail|colour_code
颜色|colour|漂亮的藏青色|||目测|vague|vague_word colour_code
颜色|text|同样品|||对比样品|vague|vague_word measurable
颜色|text|与样品一致|||对比样品|vague|vague_word measurable
颜色|text|差不多就行|||目测|vague|vague_word measurable
设计|file|按设计图|||对照图纸|detail|file
拉链|brand|YKK|||拉头标识|clear|
拉链|brand|类似YKK|||拉头标识|vague|vague_word measurable
甲醛|standard|GB/T 18401|||检测报告|clear|
甲醛|standard|符合 GB/T 18401 标准|||检测报告|clear|
甲醛|standard|国家标准|||检测报告|vague|vague_word standard_number
甲醛|range|≤ 75|ppm||ISO 14184-1|clear|
甲醛|range|不超过 75|ppm||ISO 14184-1|clear|
合规|compliance|是|||检测报告|clear|
合规|compliance|符合|||检测报告|clear|
合规|compliance|应该没问题|||检测报告|detail|answer
容量|number|20000|mAh|3 %|IEC 61960-3|clear|
容量|number|大约20000|mAh||IEC 61960-3|detail|approximate
功率|range|至少22.5|W||电子负载|clear|
功率|range|22.5|W||电子负载|detail|limits
含水率|range|8至12|%||水分仪|clear|
尺寸|number|600|毫米|0.6|ISO 10545-2|clear|
尺寸|number|600|mm||ISO 10545-2|clear|tolerance
尺寸|text|正常尺寸|||卷尺|vague|vague_word measurable
袖子|text|左右对称，误差最多 0.5 厘米|||卷尺|clear|
重量|number|320|克|10|电子秤|clear|
重量|number||g|10|电子秤|vague|requirement
包装|text|五层纸箱，每箱20件，最多18公斤|||点数过秤|clear|
包装|text|结实的出口纸箱|||目测|detail|measurable
包装|text|待定||||vague|vague_word measurable how_checked
做工|text|做工精美|||目测|vague|vague_word measurable
做工|text|每英寸12针||1|每批5件|clear|
配件|text|螺丝、扳手等等|||清点|vague|vague_word measurable
"""
HINDI = """
कपड़ा|number|ऑर्गेनिक कॉटन, 200|g/m²|5 %|ISO 3801, 5 टुकड़े|clear|
कपड़ा|number|लगभग 200|g/m²||ISO 3801|detail|approximate
कपड़ा|number|लगभग २००|g/m²||ISO 3801|detail|approximate
कपड़ा|number|करीब 200|g/m²||ISO 3801|detail|approximate
कपड़ा|text|अच्छा कपड़ा|||देखकर|vague|vague_word measurable
कपड़ा|text|बढ़िया कपड़ा|||देखकर|vague|vague_word measurable
कपड़ा|text|प्रीमियम कॉटन|||देखकर|vague|vague_word measurable
कपड़ा|text|उच्च गुणवत्ता|||देखकर|vague|vague_word measurable
कपड़ा|number|२०० ग्राम ± ५ %|||ISO 3801|clear|
कपड़ा|number|200|||ISO 3801|detail|unit
रंग|colour|पैनटोन 1935 C||1.5|स्पेक्ट्रोफ़ोटोमीटर, D65|clear|
रंग|colour|पैनटोन 1935 D||1.5|स्पेक्ट्रोफ़ोटोमीटर, D65|clear|pantone_book
रंग|colour|गहरा नीला|||देखकर|detail|colour_code
रंग|colour|सुंदर नीला|||देखकर|vague|vague_word colour_code
रंग|text|जैसा सैंपल|||मिलाकर|vague|vague_word measurable
रंग|text|नमूने के अनुसार|||मिलाकर|vague|vague_word measurable
डिज़ाइन|file|ड्रॉइंग के हिसाब से|||ड्रॉइंग से मिलाकर|detail|file
ज़िप|brand|YKK|||स्लाइडर पर निशान|clear|
ज़िप|brand|YKK के समान|||स्लाइडर पर निशान|vague|vague_word measurable
सुरक्षा|standard|IS 9873|||प्रयोगशाला की रिपोर्ट|clear|
सुरक्षा|standard|EN 71-3 मानक|||प्रयोगशाला की रिपोर्ट|clear|
सुरक्षा|standard|भारतीय मानक|||प्रयोगशाला की रिपोर्ट|vague|vague_word standard_number
अनुपालन|compliance|हाँ|||प्रयोगशाला की रिपोर्ट|clear|
अनुपालन|compliance|हां।|||प्रयोगशाला की रिपोर्ट|clear|
अनुपालन|compliance|नहीं|||प्रयोगशाला की रिपोर्ट|clear|
अनुपालन|compliance|कोशिश करेंगे|||प्रयोगशाला की रिपोर्ट|detail|answer
क्षमता|number|20,000|mAh|3 %|IEC 61960-3|clear|
क्षमता|number|20,000|mAh||IEC 61960-3|clear|tolerance
आउटपुट|range|कम से कम 22.5|W||इलेक्ट्रॉनिक लोड|clear|
आउटपुट|range|22.5|W||इलेक्ट्रॉनिक लोड|detail|limits
नमी|range|8 से 12|%||नमी मीटर|clear|
नमी|range|सूखा|%||नमी मीटर|detail|measurable
लंबाई|number|600|मिमी|0.6|फ़ीता, 5 नग|clear|
लंबाई|text|सामान्य नाप|||फ़ीता|vague|vague_word measurable
वज़न|number|३२०|ग्राम|१०|तराज़ू|clear|
वज़न|number||g|10|तराज़ू|vague|requirement
वज़न|number|320|g|थोड़ा|तराज़ू|clear|tolerance_unreadable
पैकिंग|text|20 नग प्रति कार्टन, अधिक से अधिक 18 किग्रा|||गिनकर और तौलकर|clear|
पैकिंग|text|मज़बूत कार्टन|||देखकर|detail|measurable
पैकिंग|text|पेच, पाना आदि|||गिनकर|vague|vague_word measurable
सिलाई|text|12 टाँके प्रति इंच||1|5 नग|clear|
सिलाई|text|ठीक सिलाई||||vague|vague_word measurable how_checked
"""

TABLES = {"en": ENGLISH, "zh": CHINESE, "hi": HINDI}


def rows():
    """Every line of the tables, cut into its columns, with its language."""
    for language, table in TABLES.items():
        for row in table.strip().splitlines():
            yield language, *row.split("|")


def line(characteristic, kind, requirement, unit, tolerance, how):
    """The line that a row writes."""
    return Line(
        number=1,
        characteristic=characteristic,
        kind=kind,
        requirement=requirement,
        unit=unit,
        tolerance_minus=tolerance,
        tolerance_plus=tolerance,
        how_checked=how,
    )

"""Surnames that are read otherwise than the same character elsewhere, and surnames of two characters. Data, toneless."""

_READINGS = (
    "单:shan 仇:qiu 解:xie 曾:zeng 区:ou 盖:ge 查:zha 任:ren 华:hua 朴:piao 翟:zhai 缪:miao 乐:yue 员:yun 贠:yun "
    "折:she 佘:she 冼:xian 洗:xian 繁:po 秘:bi 种:chong 召:shao 祭:zhai 晟:cheng 郗:xi 牟:mou 尉:wei 宓:mi 隗:wei "
    "郇:xun 都:du 柏:bai 薄:bo 卜:bu 车:che 行:xing 乜:nie 能:nai 适:kuo 隽:juan 钭:tou 相:xiang 藏:zang 曲:qu 阚:kan "
    "句:gou 佴:nai 那:na 莘:shen 过:guo 炅:gui 桂:gui 逄:pang 逢:pang 覃:qin 谌:chen 角:jue 於:yu 宿:su 郄:qie 笪:da "
    "妫:gui 仉:zhang 尢:you 颉:xie 呙:guo 眭:sui 庹:tuo 费:fei 俱:ju 葛:ge 纪:ji 肖:xiao 燕:yan 黑:he 会:gui 应:ying "
    "宁:ning 令:ling 重:chong 不:fou 洪:hong 褚:chu 臧:zang 哈:ha 撒:sa 石:shi 盛:sheng 长:zhang 台:tai 万:wan "
    "沈:shen 谷:gu 撖:han 晁:chao 强:qiang 殷:yin 訾:zi 昝:zan 占:zhan 大:da 要:yao 干:gan 朝:chao 侯:hou 巷:xiang "
    "丁:ding"
)
_DOUBLE = (
    "欧阳:ou-yang 上官:shang-guan 司马:si-ma 诸葛:zhu-ge 司徒:si-tu 尉迟:yu-chi 万俟:mo-qi 澹台:tan-tai "
    "长孙:zhang-sun 慕容:mu-rong 皇甫:huang-fu 令狐:ling-hu 宇文:yu-wen 公孙:gong-sun 夏侯:xia-hou 端木:duan-mu "
    "轩辕:xuan-yuan 东方:dong-fang 独孤:du-gu 南宫:nan-gong 闻人:wen-ren 淳于:chun-yu 单于:chan-yu 太史:tai-shi "
    "申屠:shen-tu 公冶:gong-ye 宗政:zong-zheng 濮阳:pu-yang 赫连:he-lian 仲孙:zhong-sun 钟离:zhong-li 鲜于:xian-yu "
    "闾丘:lv-qiu 司空:si-kong 亓官:qi-guan 司寇:si-kou 子车:zi-ju 颛孙:zhuan-sun 巫马:wu-ma 公西:gong-xi 漆雕:qi-diao "
    "乐正:yue-zheng 壤驷:rang-si 拓跋:tuo-ba 夹谷:jia-gu 宰父:zai-fu 谷梁:gu-liang 段干:duan-gan 百里:bai-li "
    "呼延:hu-yan 东郭:dong-guo 南门:nan-men 羊舌:yang-she 微生:wei-sheng 梁丘:liang-qiu 左丘:zuo-qiu 东门:dong-men "
    "西门:xi-men 第五:di-wu 纳兰:na-lan 完颜:wan-yan 贺兰:he-lan 哥舒:ge-shu 库狄:she-di"
)
_VARIANTS = (
    "張张 陳陈 黃黄 吳吴 劉刘 楊杨 趙赵 孫孙 馬马 許许 鄭郑 謝谢 羅罗 鄧邓 葉叶 蘇苏 呂吕 盧卢 蔣蒋 賈贾 韓韩 馮冯 "
    "蕭萧 閻阎 閆闫 戰战 範范 龔龚 龍龙 萬万 錢钱 湯汤 賴赖 莊庄 嚴严 顧顾 譚谭 鍾钟 陸陆 陰阴 連连 饒饶 魯鲁 聶聂 "
    "欒栾 齊齐 單单 歐欧 陽阳 諸诸 諶谌 韋韦 壽寿 賀贺 倉仓 喬乔 邊边 遲迟 車车 銀银 鐘钟 關关 竇窦 鮑鲍 鄒邹 鄔邬 "
    "鄺邝 應应 項项 畢毕 華华 國国 偉伟 麗丽 榮荣 蘭兰 鳳凤 鵬鹏 鳴鸣 鴻鸿 鶴鹤 鷹鹰 鶯莺 學学 慶庆 豐丰 強强 彊强 "
    "峯峰 羣群 傑杰 燦灿 煒炜 煥焕 爾尔 瑋玮 瑤瑶 環环 瓊琼 貞贞 財财 貴贵 賢贤 質质 賓宾 贊赞 軍军 輝辉 輪轮 達达 "
    "遠远 選选 運运 進进 鋒锋 鋼钢 錦锦 鎮镇 鏡镜 鑒鉴 鑑鉴 鐵铁 長长 門门 開开 閩闽 雙双 雲云 靈灵 靜静 順顺 頌颂 "
    "願愿 顯显 風风 飛飞 駿骏 騰腾 驊骅 驕骄 驥骥 麥麦 齡龄 寶宝 寧宁 寬宽 實实 導导 崗岗 嶺岭 嶽岳 帥帅 師师 廣广 "
    "廈厦 彥彦 後后 徑径 從从 徳德 愛爱 憲宪 懷怀 戀恋 換换 揚扬 擁拥 時时 晉晋 曉晓 曄晔 書书 會会 東东 條条 業业 "
    "樂乐 樹树 橋桥 機机 權权 歡欢 漢汉 潔洁 濤涛 澤泽 濱滨 瀾澜 灝灏 為为 爲为 獻献 珎珍 產产 畫画 發发 盡尽 監监 "
    "眾众 碩硕 禮礼 禎祯 種种 積积 穎颖 穩稳 競竞 筆笔 節节 築筑 簡简 紀纪 紅红 純纯 紹绍 細细 終终 結结 絲丝 經经 "
    "維维 綱纲 緒绪 線线 練练 緯纬 縣县 績绩 繼继 續续 義义 習习 聖圣 聞闻 聰聪 聲声 肅肃 臨临 興兴 舉举 艷艳 豔艳 "
    "藝艺 藍蓝 蓮莲 薔蔷 薩萨 藥药 蘊蕴 處处 術术 衛卫 裝装 觀观 規规 訓训 詠咏 詩诗 誠诚 談谈 諒谅 謙谦 證证 識识 "
    "讓让 譽誉 負负 費费 資资 軒轩 農农 邁迈 鄰邻 釗钊 鈞钧 銘铭 銳锐 録录 錄录 鐸铎 鎧铠 閏闰 閔闵 闊阔 陣阵 際际 "
    "隨随 難难 雋隽 頓顿 頡颉 題题 顏颜 飄飘 養养 餘余 駱骆 騏骐 鯤鲲 鳥鸟 鴛鸳 鸞鸾 鹽盐 黨党 點点 龐庞 龑䶮 冨富 "
    "湧涌 溫温 眞真 歩步 徵征 翶翱 翺翱 燿耀 愼慎 淩凌 嫺娴 嫻娴 娬妩 媽妈 婭娅 嬌娇 嬋婵 嬪嫔 孃娘 妳你 涼凉"
)
#: 单 is dān in 简单 and Shàn as a surname; pypinyin gives the common reading. Where regions differ, the more common one.
READINGS = dict(pair.split(":") for pair in _READINGS.split())
DOUBLE = dict(pair.split(":") for pair in _DOUBLE.split())
#: Traditional and variant forms that stand in registers beside the simplified ones: of names alone, no dictionary. What the standard
#: of 2013 took back for names as characters of their own (喆 堃 昇 淼 犇 …) is not among them; it sounds the same, and counts so.
VARIANTS = {pair[0]: pair[1] for pair in _VARIANTS.split()}

"""What the channel itself says. Nothing here is about the plan's content."""

WELCOME = (
    "您好，我是青浦民生问答。直接打字或说话，问养老、托育、上学、住房等方面规划是怎么写的；"
    "我找出{document}的原文和页码，规划没写的，我会直说。"
)
HOT_QUESTIONS = "大家常问："
REPLY_NUMBER = "回复{numbers}接着问"
REPLY_A_NUMBER = "回复数字就能问。"
REPLY_FEEDBACK = "觉得有用回复“赞”，没用回复“踩”"
MORE = "\n（未完，回复“更多”看全文）"
READ_PLAN = "看规划原文第{page}页"
READ_DOCUMENT = "看{document}第{page}页"  # where passages of several documents are shown
SEARCHING = "正在查找，回复任意字继续"
NUMBER_RANGE = "请回复 1 到 {last} 之间的数字，或者直接把问题打出来。"
THANKS_UP = "谢谢您的“赞”，已经记下。"
THANKS_DOWN = "谢谢您告诉我们，已经记下，工作人员会看哪里答得不好。"
NOTHING_TO_RATE = "还没有可以评价的答复。请先问一个问题，看完答复再回复“赞”或“踩”。"
TROUBLE = "对不起，刚才没能查到答案，请过一会儿再问一次，或拨打 12345。"
KIND_WORDS = {
    "unreadable": TROUBLE,
    "voice": "这条语音没有听成文字，请再说一遍，或者把问题打成字发给我。",
    "image": "图片我还看不懂。请把想问的打成字或说出来，比如“养老院床位有多少”。",
    "video": "视频我还看不懂。请把想问的打成字或说出来，比如“小学放学后有没有课后服务”。",
    "shortvideo": "视频我还看不懂。请把想问的打成字或说出来，比如“小学放学后有没有课后服务”。",
    "location": "谢谢您发来位置，我不会记下它。想问哪个街镇的事，请把街镇名和问题一起打出来，比如“朱家角有没有养老院”。",
    "link": "链接我打不开。请把想问的内容打成字发给我。",
}
KIND_WORD = "这种消息我还看不懂。请把想问的打成字发给我，比如“公租房会多建一点吗”。"

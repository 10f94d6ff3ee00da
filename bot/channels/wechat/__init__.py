"""Followers ask in WeChat (公众号) and WeCom (企业微信). `docs/wechat.md` is the guide, `channel` the way in."""

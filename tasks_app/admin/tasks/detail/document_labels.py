"""What the known fields of events and results are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, str | Promise]

EVENT_LABELS: Labels = {
    "event_type": _("事件类型"),
    "start_time": _("说话开始"),
    "end_time": _("说话结束"),
    "start_offset_sec": _("录音中的开始（秒）"),
    "end_offset_sec": _("录音中的结束（秒）"),
    "confidence": _("置信度"),
    "emotion": _("情绪"),
    "event_id": _("事件编号"),
}
SPEAKER_LABELS: Labels = {
    "speaker_label": _("称呼"),
    "is_user": _("佩戴者"),
    "speaker_confidence": _("置信度"),
    "speaker_id": _("标识"),
}
AUDIO_LABELS: Labels = {
    "language": _("语言"),
    "asr_confidence": _("识别置信度"),
    "snr_db": _("信噪比（dB）"),
    "avg_volume_db": _("平均音量（dB）"),
    "speech_rate_wpm": _("语速（词/分）"),
}
ENTITY_LABELS: Labels = {
    "type": _("类型"),
    "value": _("原文"),
    "normalized": _("规范值"),
    "confidence": _("置信度"),
}
PRIVACY_LABELS: Labels = {
    "contains_pii": _("含个人信息"),
    "pii_types": _("个人信息类型"),
    "redaction_suggested": _("建议脱敏"),
}
NLU_LABELS: Labels = {"summary": _("概括"), "intents": _("意图")}
ANALYSIS_LABELS: Labels = {
    "event_duration_sec": _("时长（秒）"),
    "speaker_count": _("说话人数"),
    "contains_pii": _("含个人信息"),
}
INSIGHT_LABELS: Labels = {
    "primary_speaker": _("主要说话人"),
    "user_speakers": _("其中佩戴者"),
    "multi_speaker": _("多人说话"),
}
QUALITY_LABELS: Labels = {"overall_quality": _("总体"), **AUDIO_LABELS}

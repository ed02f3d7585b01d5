"""Events as glasses and phones attach them to what they heard."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

_LABELS = ("我", "妈妈", "同事", "老师", "Tom")


def event_of(text: str, moment: datetime, random: Random) -> dict[str, Any]:
    """An event whose transcript is `text`, spoken until `moment`."""
    length_s = 1.5 + len(text) * 0.22
    begun_at = timezone.localtime(moment) - timedelta(seconds=length_s)
    return {
        "event_id": f"evt_{begun_at:%Y%m%d}_{random.getrandbits(32):08x}",
        "event_type": "reminder",
        "transcript": text,
        "start_time": begun_at.isoformat(timespec="milliseconds"),
        "end_time": timezone.localtime(moment).isoformat(timespec="milliseconds"),
        "speakers": [
            {
                "speaker_id": f"spk_{number}",
                "speaker_label": _LABELS[number],
                "is_user": number == 0,
                "speaker_confidence": round(random.uniform(0.7, 0.99), 2),
            }
            for number in range(random.choice((1, 1, 1, 2, 3)))
        ],
        "audio_features": {
            "avg_volume_db": round(random.gauss(-24, 5), 1),
            "snr_db": round(random.gauss(18, 7), 1),
            "speech_rate_wpm": round(random.gauss(190, 30)),
            "language": "en-US" if text.isascii() else "zh-CN",
            "asr_confidence": round(min(0.99, random.gauss(0.9, 0.08)), 2),
        },
        "privacy": {"contains_pii": random.random() < 0.2},
    }


def insights_of(event: dict[str, Any], kind: str, random: Random) -> dict[str, Any]:
    """What a result carries besides, of a task with this event."""
    speakers, audio = event["speakers"], event["audio_features"]
    [priority] = random.choices(("high", "medium", "low"), (20, 50, 30))
    return {
        "extracted_entities": [],
        "suggested_tags": [kind],
        "priority_level": priority,
        "reminder_suggestions": ["提前一天提醒"] if priority == "high" else [],
        "event_analysis": {
            "has_speakers": True,
            "speaker_count": len(speakers),
            "has_audio_features": True,
            "contains_pii": event["privacy"]["contains_pii"],
        },
        "speaker_insights": {
            "total_speakers": len(speakers),
            "user_speakers": 1,
            "multi_speaker": len(speakers) > 1,
            "primary_speaker": speakers[0]["speaker_label"],
        },
        "audio_quality_assessment": {
            "overall_quality": "good" if audio["snr_db"] > 15 else "fair",
            "asr_confidence": audio["asr_confidence"],
            "snr_db": audio["snr_db"],
            "language": audio["language"],
            "speech_rate_wpm": audio["speech_rate_wpm"],
        },
    }

//! What the answer is made of: `modalities` and `audio`.
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | `modalities: ['text', 'image']` | `responseModalities: ['TEXT', 'IMAGE']` |
//! | nothing, on an image model | `['TEXT', 'IMAGE']` |
//! | anything, on a speech model | `['AUDIO']` |
//! | `audio.voice` | `speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName` |
//! | `audio.format` | nothing: Gemini speaks PCM; any other is warned of |

use super::{NO_SUCH_MEMBER, Writer};
use crate::json::{Object, Text};
use crate::wire::generate_content::models::Output;

/// OpenAI's voices, which are not Gemini's.
const OPENAI_VOICES: [&str; 13] = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage",
    "shimmer", "verse",
];

impl<'a> Writer<'a> {
    pub(super) fn output(
        &mut self,
        modalities: &[Text<'a>],
        audio: Option<Object<'a>>,
        config: &mut Object<'a>,
    ) {
        let modalities: Vec<String> =
            modalities.iter().map(|word| word.decode().to_ascii_uppercase()).collect();
        match (modalities.is_empty(), self.model.output) {
            (_, Output::Speech) => {
                config.set_value("responseModalities", &["AUDIO"]);
                if modalities.iter().any(|word| word != "AUDIO") {
                    self.warnings.unsupported_value(
                        "modalities",
                        "the model speaks and does nothing else; `audio` was asked for",
                    );
                }
            }
            (false, _) => config.set_value("responseModalities", &modalities),
            (true, Output::Images) => config.set_value("responseModalities", &["TEXT", "IMAGE"]),
            (true, Output::Text) => {}
        }
        if let Some(audio) = audio {
            self.speech(audio, config);
        }
    }

    fn speech(&mut self, mut audio: Object<'a>, config: &mut Object<'a>) {
        let (format, voice) = (audio.take("format"), audio.take("voice"));
        self.warnings.left_over("audio", &audio, NO_SUCH_MEMBER);
        let format = format.as_deref().and_then(Text::of).map(|format| format.into_plain());
        if format.is_some_and(|format| !matches!(&*format, "pcm16" | "pcm")) {
            self.warnings.unsupported_value(
                "audio.format",
                "Gemini speaks PCM; `message.audio.mime_type` says which",
            );
        }
        let voice = voice.as_deref().and_then(Text::of).map(|voice| voice.into_plain());
        let voice = voice.filter(|voice| !voice.is_empty());
        let Some(voice) = voice else {
            return self.warnings.unsupported("audio", "it names no voice");
        };
        if OPENAI_VOICES.contains(&&*voice) {
            return self
                .warnings
                .unsupported_value("audio.voice", "a voice of OpenAI's; Gemini's own is used");
        }
        let nest = |key: &'static str, inner: &Object<'_>| {
            let mut outer = Object::new();
            outer.set_value(key, inner);
            outer.into_owned()
        };
        let mut name = Object::new();
        name.set_value("voiceName", &voice);
        let voice = nest("voiceConfig", &nest("prebuiltVoiceConfig", &name));
        config.set_value("speechConfig", &voice);
    }
}

use super::*;

use Family::{Anthropic as A, Gemini as G, OpenAi as O};

/// (model, family, goes to Responses by default, goes to Responses with `auto`)
const MODELS: &[(&str, Family, bool, bool)] = &[
    ("claude-3-5-sonnet-20241022", A, false, false),
    ("claude-sonnet-4-5-think", A, false, false),
    ("claude-opus-4-7", A, false, false),
    ("claude-opus-5", A, false, false),
    ("claude2", A, false, false),
    ("Claude-3-5-Sonnet", A, false, false),
    ("CLAUDE-OPUS-4", A, false, false),
    ("anthropic/claude-sonnet-4", O, false, false),
    ("aihubmix-claude-3-5", O, false, false),
    ("coding-claude-x", O, false, false),
    ("gemini-2.5-pro", G, false, false),
    ("gemini-2.5-flash", G, false, false),
    ("gemini-2.5-flash-nothink", O, false, false),
    ("gemini-2.5-flash-preview-05-20-nothink", O, false, false),
    ("gemini-2.5-flash-no-think", G, false, false),
    ("gemini-2.0-flash-search", O, false, false),
    ("gemini-2.5-pro-preview-05-06-search", O, false, false),
    ("gemini-2.5-flash-search-nothink", O, false, false),
    ("gemini-3-flash-preview-free", G, false, false),
    ("gemini-2.5-flash-image", G, false, false),
    ("gemini-3-pro-image-preview", G, false, false),
    ("gemini-2.5-flash-preview-tts", G, false, false),
    ("gemini-embedding-001", O, false, false),
    ("gemini-embedding-exp-03-07", O, false, false),
    ("Gemini-2.5-Flash", G, false, false),
    ("Gemini-2.5-Flash-NoThink", O, false, false),
    ("GEMINI-EMBEDDING-001", O, false, false),
    ("google/gemini-2.5-pro", O, false, false),
    ("imagen-4.0-generate-001", G, false, false),
    ("imagen-4.0-ultra-generate-001", G, false, false),
    ("Imagen-3", G, false, false),
    ("google/imagen-4.0-generate-001", O, false, false),
    ("veo-3.1-generate-preview", O, false, false),
    ("veo3.1", O, false, false),
    ("Veo-3.0-generate-preview", O, false, false),
    ("gemma-3-27b-it", O, false, false),
    ("gpt-4o", O, false, true),
    ("gpt-4o-mini", O, false, true),
    ("gpt-4o-image-vip", O, false, false),
    ("gpt-4o-search-preview", O, false, false),
    ("gpt-4o-mini-search-preview-2025-03-11", O, false, false),
    ("gpt-5-search-api", O, false, false),
    ("gpt-4o-mini-tts", O, false, false),
    ("gpt-4o-transcribe", O, false, false),
    ("gpt-4o-audio-preview-2025-06-03", O, false, false),
    ("gpt-audio-1.5", O, false, false),
    ("gpt-realtime-whisper", O, false, false),
    ("gpt-4.1", O, false, true),
    ("gpt-5", O, false, true),
    ("gpt-5-pro", O, true, true),
    ("gpt-5-pro-2025-10-06", O, true, true),
    ("gpt-5-codex", O, true, true),
    ("gpt-5.1-codex", O, true, true),
    ("gpt-5.1-codex-max", O, true, true),
    ("gpt-5.1-codex-mini", O, true, true),
    ("gpt-5.2-codex", O, true, true),
    ("gpt-5.3-codex", O, true, true),
    ("gpt-5.2-pro", O, true, true),
    ("gpt-5.2-pro-2025-12-11", O, true, true),
    ("gpt-5.4-pro-2026-03-05", O, true, true),
    ("gpt-5.5-pro", O, true, true),
    ("gpt-daybreak-blue-latest", O, true, true),
    ("gpt-daybreak-red-latest", O, true, true),
    ("computer-use-preview", O, true, true),
    ("computer-use-preview-2025-03-11", O, true, true),
    ("o1-pro", O, true, true),
    ("o1-pro-2025-03-19", O, true, true),
    ("o3-pro", O, true, true),
    ("o3-pro-2025-06-10", O, true, true),
    ("o3-deep-research", O, true, true),
    ("o3-deep-research-2025-06-26", O, true, true),
    ("o4-mini-deep-research", O, true, true),
    ("codex-mini-latest", O, true, true),
    ("openai/gpt-5-pro", O, true, true),
    ("O3-Pro:surfing", O, true, true),
    ("gpt-5.6-sol", O, false, true),
    ("gpt-6-astra", O, false, true),
    ("gpt-5-chat-latest", O, false, true),
    ("gpt-5.2-high", O, false, true),
    ("gpt-image-1", O, false, false),
    ("gpt-image-2.5-flare", O, false, false),
    ("chatgpt-image-latest", O, false, false),
    ("gpt-oss-120b", O, false, false),
    ("openai/gpt-oss-120b", O, false, false),
    ("GPT-OSS-20B", O, false, false),
    ("GPT-4o", O, false, true),
    ("openai/gpt-4o", O, false, true),
    ("chatgpt-4o-latest", O, false, true),
    ("gpt-3.5-turbo-instruct", O, false, true),
    ("o1", O, false, true),
    ("o1-mini", O, false, true),
    ("o1-preview", O, false, true),
    ("o3", O, false, true),
    ("o3-mini", O, false, true),
    ("o4-mini", O, false, true),
    ("omni-moderation-latest", O, false, false),
    ("sora-2", O, false, false),
    ("sora-2-pro", O, false, false),
    ("text-embedding-3-large", O, false, false),
    ("text-embedding-ada-002", O, false, false),
    ("tts-1", O, false, false),
    ("whisper-1", O, false, false),
    ("dall-e-3", O, false, false),
    ("deepseek-v3.2", O, false, false),
    ("deepseek-r1", O, false, false),
    ("DeepSeek-V3.2-Exp-Think", O, false, false),
    ("aihubmix-DeepSeek-R1", O, false, false),
    ("aihubmix-router", O, false, false),
    ("auto", O, false, false),
    ("auto:quality_first", O, false, false),
    ("grok-4", O, false, false),
    ("qwen3-max", O, false, false),
    ("qwen3-embedding-8b", O, false, false),
    ("jina-reranker-m0", O, false, false),
    ("kimi-k2.5", O, false, false),
    ("glm-4.6", O, false, false),
    ("Z/glm-4.5", O, false, false),
    ("coding-glm-5.2-free", O, false, false),
    ("doubao-seed-1-6", O, false, false),
    ("mimo-v2-flash", O, false, false),
    ("gpt-4o-2024-11-20:surfing", O, false, true),
    ("llama-4-maverick", O, false, false),
    ("", O, false, false),
];

#[test]
fn every_known_model_takes_its_route() {
    for &(model, family, by_default, with_auto) in MODELS {
        assert_eq!(route_model(model), family, "family of {model}");
        let expected = |responses| match family {
            A => Route::Anthropic,
            G => Route::Gemini,
            O if responses => Route::OpenAiResponses,
            O => Route::OpenAi,
        };
        let route = |api| resolve_route(model, api);
        for api in [OpenAiApi::ByNeed, OpenAiApi::ChatCompletions] {
            assert_eq!(route(api), expected(by_default), "{model} by default");
        }
        assert_eq!(route(OpenAiApi::Auto), expected(with_auto), "{model} with auto");
        assert_eq!(route(OpenAiApi::Responses), expected(true), "{model} with responses");
    }
}

#[test]
fn case_never_changes_the_route() {
    for (model, ..) in MODELS {
        for api in [OpenAiApi::ChatCompletions, OpenAiApi::Responses, OpenAiApi::Auto] {
            assert_eq!(
                resolve_route(&model.to_uppercase(), api),
                resolve_route(model, api),
                "{model}"
            );
        }
    }
}

#[test]
fn words_are_read_back() {
    for route in Route::ALL {
        assert_eq!(Route::parse(route.as_str()), Some(route));
    }
    for word in ["", "OpenAI", "chat", "openai_responses"] {
        assert_eq!(Route::parse(word), None, "{word}");
    }
    for word in OpenAiApi::WORDS {
        assert!(OpenAiApi::parse(word).is_some(), "{word}");
    }
    assert_eq!(OpenAiApi::parse("chat"), None);
}

/**
 * Deletes `tool_choice` where `tools` is an empty array, which the vendors refuse. The same object comes
 * back; anything else stays as it is, `tools: []` too. Chats do this by themselves.
 *
 * @example
 * fixToolChoice({ model: 'gpt-5.4-mini', tools: [], tool_choice: 'auto' }) // { model: 'gpt-5.4-mini', tools: [] }
 */
export declare function fixToolChoice<Body>(body: Body): Body

/**
 * The file extension, without a dot, for a media type; `bin` for one that is unknown, empty or malformed.
 * Parameters and case do not matter.
 *
 * @example
 * setFileExtension('audio/mpeg')             // 'mp3'
 * setFileExtension('Audio/WebM;codecs=opus') // 'webm'
 * setFileExtension('nonsense')               // 'bin'
 */
export declare function setFileExtension(mediaType: string): string

/** What {@link processCacheTags} makes of a text. */
export interface ProcessedCacheTags {
  /** The text without its tags. */
  content: string
  /** Only where the text had a `<cache>` tag. */
  cacheControl?: { type: 'ephemeral' }
}

/**
 * Takes every `<cache>` and `</cache>` out of a text and says whether it was marked for the vendor's
 * prompt cache. Chats do this by themselves, in the places that the option `cacheTags` names.
 *
 * @example
 * processCacheTags('<cache>long manual</cache> question')
 * // { content: 'long manual question', cacheControl: { type: 'ephemeral' } }
 * processCacheTags('plain') // { content: 'plain' }
 */
export declare function processCacheTags(content: string): ProcessedCacheTags

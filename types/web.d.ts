// The web's own types, as this project's declarations name them.
//
// They come from @types/node or from the DOM library, whichever the caller's project loads. Where
// neither is loaded a name falls back to `any`, so that these declarations never break a build.

// @ts-ignore may be missing
export type WebReadableStream<T> = ReadableStream<T>
// @ts-ignore may be missing
export type WebAbortSignal = AbortSignal
// @ts-ignore may be missing
export type WebAbortController = AbortController
// @ts-ignore may be missing
export type WebBlob = Blob
// @ts-ignore may be missing
export type WebHeaders = Headers
// @ts-ignore may be missing
export type WebRequest = Request
// @ts-ignore may be missing
export type WebRequestInit = RequestInit
// @ts-ignore may be missing
export type WebResponse = Response
// @ts-ignore may be missing
export type WebResponseInit = ResponseInit
// @ts-ignore may be missing
export type WebURL = URL

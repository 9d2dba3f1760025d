/** Larger pictures are not decoded: they stay files that can be saved. */
export const MAX_PIXELS = 40_000_000;

/**
 * To the process: take what a camera noted out of the picture at `path`, make it small and write that
 * to `target`.
 */
export interface PictureRequest {
  id: number;
  path: string;
  target: string;
}

/** The size of a picture, upright, in pixels; and whether its file is another than it was. */
export interface Pictured {
  width: number;
  height: number;
  isRewritten: boolean;
}

/** From the process: what it found and did; or why not. */
export type PictureReply = ({ id: number } & Pictured) | { id: number; failure: string };

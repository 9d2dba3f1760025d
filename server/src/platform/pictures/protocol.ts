/** Larger pictures are not decoded: they stay files that can be saved. */
export const MAX_PIXELS = 40_000_000;

/** To the process: make the picture at `path` small and write that to `target`. */
export interface PictureRequest {
  id: number;
  path: string;
  target: string;
}

/** From the process: the size of the picture, upright, in pixels; or why there is none. */
export type PictureReply =
  { id: number; width: number; height: number } | { id: number; failure: string };

/**
 * The entry of a render thread: piscina calls the default export.
 */
import { renderBodyNow, type BodyFormat, type RenderedBody } from './body.js';

/** What is sent to the thread. */
export interface RenderTask {
  readonly source: string;
  readonly format: BodyFormat;
}

export default function renderTask({ source, format }: RenderTask): RenderedBody {
  return renderBodyNow(source, format);
}

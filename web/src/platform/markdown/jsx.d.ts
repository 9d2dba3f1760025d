import type { JSX as ReactJsx } from 'react/jsx-runtime';

// hast-util-to-jsx-runtime takes its types from a global namespace, which React no longer declares.
declare global {
  namespace JSX {
    type Element = ReactJsx.Element;
    type ElementClass = ReactJsx.ElementClass;
    type IntrinsicElements = ReactJsx.IntrinsicElements;
  }
}

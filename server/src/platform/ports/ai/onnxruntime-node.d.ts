/** Version 1.16.3 names a declaration file that it does not ship; the API is onnxruntime-common's. */
declare module 'onnxruntime-node' {
  export * from 'onnxruntime-common';
}

/**
 * Stands in for `typebox` in the built web app. The contract declares its schemas with it; only the
 * server validates, so that the browser need not load the 66 KB of code which build them. Every
 * builder returns the same empty schema. `vite.config.ts` puts it in place.
 */
const schema = Object.freeze({ properties: Object.freeze({}) });
const build = () => schema;

export default new Proxy({}, { get: () => build });

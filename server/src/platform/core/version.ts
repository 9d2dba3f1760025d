import manifest from '../../../package.json' with { type: 'json' };

/** Version of this TeamBrain. */
export const version: string = manifest.version;

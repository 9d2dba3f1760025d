import { testCache } from './cache.suite.ts';
import { createMemoryCache } from './cache.memory.ts';

testCache(() => Promise.resolve(createMemoryCache()));

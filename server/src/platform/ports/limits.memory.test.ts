import { testLimits } from './limits.suite.ts';
import { createMemoryLimits } from './limits.memory.ts';

testLimits(() => Promise.resolve(createMemoryLimits()));

import { testBus } from './bus.suite.ts';
import { createMemoryBus } from './bus.memory.ts';

testBus(() => Promise.resolve(createMemoryBus()));

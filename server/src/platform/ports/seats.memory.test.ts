import { createMemorySeats } from './seats.memory.ts';
import { testSeats } from './seats.suite.ts';

testSeats((width) => Promise.resolve(createMemorySeats(width)));

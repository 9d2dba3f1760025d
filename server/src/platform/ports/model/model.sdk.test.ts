import { modelSuite } from './model.suite.ts';

modelSuite('openai-compatible');
modelSuite('ollama');
modelSuite('anthropic');

import * as contract from '@teambrain/contract/sample.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Sample } from './sample.service.ts';

export const sampleRoutes = (sample: Sample): Route[] => [
  route(contract.getSample, () => sample.state()),
  route(contract.loadSample, ({ actor }) => sample.load(actor)),
  route(contract.removeSample, ({ actor }) => sample.remove(actor)),
];

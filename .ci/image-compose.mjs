// What can be known of compose.yaml without an engine: names that lead somewhere, settings that
// exist and are written down, and the hardening that the guide promises.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const CONFIGURATION = 'docs/guides/configuration.md';
const GUIDE = 'docs/guides/run-in-production.md';

/** @param source text of compose.yaml @param compose the same, parsed */
export function checkCompose(source, compose) {
  const { services, volumes, networks } = compose;
  const configuration = readFileSync(CONFIGURATION, 'utf8');
  const guide = readFileSync(GUIDE, 'utf8');
  for (const name of Object.keys(services['app-1'].environment)) {
    const setting = name.replace(/_FILE$/, '');
    assert.ok(configuration.includes(`| \`${setting}\` |`), `${setting} is in ${CONFIGURATION}`);
  }
  for (const [, name] of source.matchAll(/\$\{(\w+)/g)) {
    assert.ok(guide.includes(`\`${name}\``), `${name} is explained in ${GUIDE}`);
  }
  for (const [name, service] of Object.entries(services)) {
    checkLinks(name, service, { services, volumes, networks });
    if (name !== 'balancer') assert.equal(service.ports, undefined, `${name} has no port outside`);
  }
  checkHardening(services);
  tryCheck(services);
  assert.ok(Number.parseInt(services['app-1'].stop_grace_period, 10) > 15);
  assert.equal(networks.back.internal, true);
  const caddyfile = './deploy/Caddyfile:/etc/caddy/Caddyfile:ro';
  assert.ok(services.balancer.volumes.includes(caddyfile), 'the balancer has the file tried here');
}

/** Capabilities that a service needs, and why is said in compose.yaml. */
const ADDED = { balancer: ['NET_BIND_SERVICE'] };
/** Ours, built here; or another's by exact version and, where it is known, by digest. */
const OWN_IMAGE = '${TEAMBRAIN_IMAGE:-teambrain}';
const PINNED = /^[\w./-]+:\d+\.\d+\.\d+[\w.-]*(?:\$\{\w+_DIGEST:-\}|@sha256:[0-9a-f]{64})$/;

/** Every service, whatever it is called: one that is added has to keep to the same. */
function checkHardening(services) {
  for (const [name, service] of Object.entries(services)) {
    const { image, security_opt: options, cap_drop: dropped, cap_add: added = [] } = service;
    assert.deepEqual(options, ['no-new-privileges:true'], `${name} gains no privileges`);
    assert.deepEqual(dropped, ['ALL'], `${name} drops all capabilities`);
    assert.deepEqual(added, ADDED[name] ?? [], `${name} adds back what it needs alone`);
    assert.equal(service.read_only, true, `${name} has a read-only root`);
    assert.ok(!service.privileged && !service.pid && !service.ipc, `${name} is confined`);
    assert.ok(image === OWN_IMAGE || PINNED.test(image), `${name} has a pinned image: ${image}`);
  }
}

/** The check itself: it fails for each service that lacks any one of these. */
function tryCheck(services) {
  const spoiled = {
    security_opt: undefined,
    cap_drop: undefined,
    cap_add: ['SYS_ADMIN'],
    read_only: undefined,
    privileged: true,
    image: 'caddy:2-alpine',
  };
  for (const [name, service] of Object.entries(services)) {
    for (const [key, value] of Object.entries(spoiled)) {
      const broken = { ...services, [name]: { ...service, [key]: value } };
      assert.throws(() => checkHardening(broken), undefined, `${name} with another ${key}`);
    }
  }
  assert.throws(() => checkHardening({ ...services, new: { image: 'new:1.0.0' } }));
}

function checkLinks(name, service, { services, volumes, networks }) {
  for (const volume of service.volumes ?? []) {
    const [from] = volume.split(':');
    const isThere = from.startsWith('./') ? existsSync(from) : from in volumes;
    assert.ok(isThere, `${name}: ${from} is there`);
  }
  for (const network of service.networks ?? []) assert.ok(network in networks, network);
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    assert.ok(other in services, `${name}: ${other} is a service`);
    if (condition !== 'service_healthy') continue;
    const { healthcheck, image } = services[other];
    assert.ok(healthcheck ?? image.includes('teambrain'), `${other} tells whether it is healthy`);
  }
}

/** The commands of the guide that run in a container: `docker compose exec|run … app-1 teambrain …`. */
export function documentedCommands() {
  const pattern = /^docker compose (exec|run)(?: --?[\w-]+)* app-1 (teambrain (\S+)[^#\n|<>]*)/gm;
  const found = [...readFileSync(GUIDE, 'utf8').matchAll(pattern)];
  const commands = Object.fromEntries(
    found.map(([, how, command, name]) => [name, { how, command: command.trim().split(/\s+/) }]),
  );
  assert.deepEqual(Object.keys(commands).sort(), ['backup', 'doctor', 'restore']);
  assert.equal(commands.backup.how, 'exec'); // TeamBrain runs meanwhile
  assert.deepEqual([commands.doctor.how, commands.restore.how], ['run', 'run']);
  return commands;
}

// By itself, where no image can be built: `node .ci/image-compose.mjs`.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = readFileSync('compose.yaml', 'utf8');
  checkCompose(source, parse(source, { merge: true }));
  documentedCommands();
}

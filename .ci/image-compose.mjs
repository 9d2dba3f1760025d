// What can be known of compose.yaml without an engine: names that lead somewhere, settings that
// exist and are written down, and the hardening that the guide promises.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

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
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    if (name !== 'balancer') assert.equal(service.ports, undefined, `${name} has no port outside`);
    if (name !== 'balancer') assert.ok(!service.networks?.includes('front') || service.read_only);
  }
  for (const name of ['app-1', 'app-2', 'secrets']) {
    const { read_only: isReadOnly, cap_drop: dropped } = services[name];
    assert.deepEqual([isReadOnly, dropped], [true, ['ALL']], name);
  }
  assert.ok(Number.parseInt(services['app-1'].stop_grace_period, 10) > 15);
  assert.equal(networks.back.internal, true);
  const caddyfile = './deploy/Caddyfile:/etc/caddy/Caddyfile:ro';
  assert.ok(services.balancer.volumes.includes(caddyfile), 'the balancer has the file tried here');
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

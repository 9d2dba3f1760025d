// Runs commands in the image's root as an engine would run its containers: a mount namespace of its
// own, the image's user and environment, no capabilities, a read-only root with a fresh /tmp.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertLog } from './image-tools.mjs';

const IMAGE_USER = 1000;

/** @param work folder for what stands in the place of volumes */
export function createBox({ root, config, work }) {
  const running = new Set();

  /** What runs in the namespace: the command as the image's user, or as `uid`. */
  function unprivileged(command, { env = {}, uid = IMAGE_USER }) {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const drop = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
    return [
      ...['chroot', root, 'setpriv', `--reuid=${uid}`, `--regid=${uid}`, ...drop],
      // `env -C` stands for the image's WORKDIR.
      ...['env', '-i', ...config.Env, ...variables, 'env', '-C', config.WorkingDir || '/'],
      ...command,
    ];
  }

  /** A new container; `mounts` are places in it with the folders that lie there. */
  function contained(command, { mounts = {}, ...options }) {
    const binds = Object.entries(mounts).flat();
    const script = `set -e; cd /; root=$1; shift
      mount --bind "$root" "$root"
      mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      while [ "$1" != -- ]; do mount --bind "$2" "$root$1"; shift 2; done; shift
      mount -o remount,bind,ro "$root"
      exec "$@"`;
    const inside = unprivileged(command, options);
    return ['unshare', ['--mount', 'sh', '-c', script, 'sh', root, ...binds, '--', ...inside]];
  }

  const finish = ([program, args]) =>
    new Promise((resolve) =>
      execFile(program, args, { encoding: 'utf8' }, (error, stdout, stderr) =>
        resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
      ),
    );

  return {
    /** Starts the image's own command. */
    start(options) {
      const [program, args] = contained(config.Cmd, options);
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      child.options = options;
      [child.output, child.lines] = ['', ''];
      child.stdout.on('data', (data) => (child.lines += data));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (data) => (child.output += data));
      }
      child.ended = once(child, 'close').then(([code, signal]) => {
        running.delete(child);
        assertLog(child.lines);
        return code ?? signal;
      });
      return child;
    },
    /** Like `docker run`: a command in a container of its own, to its end. */
    run: (command, options) => finish(contained(command, options)),
    /** Like `docker exec`: a command in a container that runs. */
    exec: (child, command) =>
      finish([
        'nsenter',
        ['--mount', `--target=${child.pid}`, ...unprivileged(command, child.options)],
      ]),
    /** A folder in the place of a volume, owned by the image's user as /data is. */
    volume(name) {
      const path = join(work, name);
      mkdirSync(path);
      chownSync(path, IMAGE_USER, IMAGE_USER);
      return path;
    },
    /** Any other program, ended with the rest. */
    add(child) {
      running.add(child);
      child.once('exit', () => running.delete(child));
      return child;
    },
    killAll: () => running.forEach((child) => child.kill('SIGKILL')),
  };
}

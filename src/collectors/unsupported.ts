// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';

/** A format that is known by its file names and not read. */
export interface KnownFormat {
  /** As a report names it. */
  readonly format: string;
  readonly names: readonly string[];
  readonly patterns?: readonly RegExp[];
  /** Tells by the text, where the name alone says too little. */
  readonly declares?: (text: string) => boolean;
}

/** Manifests and locks of PyPI and npm that no collector reads yet: each makes a scan incomplete. */
export const UNSUPPORTED_FORMATS: readonly KnownFormat[] = [
  { format: 'uv.lock', names: ['uv.lock'] },
  { format: 'pdm.lock', names: ['pdm.lock'] },
  { format: 'Pipfile.lock', names: ['Pipfile.lock'] },
  { format: 'Pipfile', names: ['Pipfile'] },
  { format: 'pylock.toml', names: [], patterns: [/^pylock.*\.toml$/] },
  {
    format: 'setup.py',
    names: ['setup.py'],
    declares: (text) => /\binstall_requires\b(?!\s*=\s*\[\s*\])/.test(text),
  },
  {
    format: 'setup.cfg',
    names: ['setup.cfg'],
    declares: (text) => /^install_requires\s*[=:]/m.test(text),
  },
  { format: 'conda environment', names: ['environment.yml', 'environment.yaml'] },
  { format: 'conda-lock', names: ['conda-lock.yml', 'conda-lock.yaml'] },
  { format: 'pixi.lock', names: ['pixi.lock'] },
  { format: 'yarn.lock', names: ['yarn.lock'] },
  { format: 'pnpm-lock.yaml', names: ['pnpm-lock.yaml'] },
  { format: 'bun.lock', names: ['bun.lock'] },
  { format: 'bun.lockb', names: ['bun.lockb'] },
  { format: 'deno.lock', names: ['deno.lock'] },
];

/** Manifests of other ecosystems: mentioned, once per format, and without effect on the verdict. */
export const OUT_OF_SCOPE_FORMATS: readonly KnownFormat[] = [
  { format: 'Go modules', names: ['go.mod', 'go.sum', 'go.work'] },
  { format: 'Cargo', names: ['Cargo.toml', 'Cargo.lock'] },
  { format: 'Maven', names: ['pom.xml'] },
  { format: 'Gradle', names: ['build.gradle', 'build.gradle.kts', 'gradle.lockfile', 'libs.versions.toml'] },
  {
    format: 'Bundler',
    names: ['Gemfile', 'Gemfile.lock', 'gems.rb', 'gems.locked'],
    patterns: [/\.gemspec$/],
  },
  { format: 'Composer', names: ['composer.json', 'composer.lock'] },
  {
    format: 'NuGet',
    names: ['packages.lock.json', 'packages.config', 'Directory.Packages.props'],
    patterns: [/\.(cs|fs|vb)proj$/],
  },
  { format: 'Mix', names: ['mix.exs', 'mix.lock'] },
  { format: 'Rebar', names: ['rebar.config', 'rebar.lock'] },
  { format: 'pub', names: ['pubspec.yaml', 'pubspec.lock'] },
  { format: 'Swift packages', names: ['Package.swift', 'Package.resolved'] },
  { format: 'CocoaPods', names: ['Podfile', 'Podfile.lock'] },
  { format: 'Carthage', names: ['Cartfile', 'Cartfile.resolved'] },
  { format: 'Conan', names: ['conan.lock', 'conanfile.txt', 'conanfile.py'] },
  { format: 'vcpkg', names: ['vcpkg.json'] },
  { format: 'Haskell', names: ['cabal.project.freeze', 'stack.yaml', 'stack.yaml.lock'] },
  { format: 'CRAN', names: ['renv.lock'] },
  { format: 'Terraform', names: ['.terraform.lock.hcl'] },
  { format: 'Helm', names: ['Chart.yaml', 'Chart.lock'] },
  { format: 'Nix', names: ['flake.lock'] },
  {
    format: 'Dockerfile',
    names: ['Dockerfile', 'Containerfile'],
    patterns: [/^(Dockerfile|Containerfile)\./, /\.(Dockerfile|Containerfile)$/i],
  },
];

/** The format of a path that no collector reads and that makes a scan incomplete. */
export const unsupportedFormat = lookup(UNSUPPORTED_FORMATS);

/** The format of a manifest of another ecosystem. */
export const outOfScopeFormat = lookup(OUT_OF_SCOPE_FORMATS);

/** Asked once per file of a tree, so exact names come from a map. */
function lookup(formats: readonly KnownFormat[]): (path: string) => KnownFormat | undefined {
  const exact = new Map(formats.flatMap((format) => format.names.map((name) => [name, format])));
  const patterns = formats.filter((format) => format.patterns !== undefined);
  return (path) => {
    const name = posix.basename(path);
    return exact.get(name) ?? patterns.find((format) => format.patterns?.some((p) => p.test(name)));
  };
}

/** The eleven variables a marker may test (PEP 508), of one interpreter. `extra` is given separately. */
export interface MarkerEnvironment {
  readonly implementation_name: string;
  readonly implementation_version: string;
  readonly os_name: string;
  readonly platform_machine: string;
  readonly platform_python_implementation: string;
  readonly platform_release: string;
  readonly platform_system: string;
  readonly platform_version: string;
  readonly python_full_version: string;
  readonly python_version: string;
  readonly sys_platform: string;
}

/** What decides the compatible tags of an interpreter (PEP 425, 600, 656, 703, 730, 738, 783). */
export interface TagPlatform {
  /** `cpython`, `pypy`, … */
  readonly implementation: string;
  /** Major and minor. */
  readonly python: readonly [number, number];
  /** Free-threaded build (`t` ABI). */
  readonly isFreeThreaded: boolean;
  /** Debug build (`d` ABI); it also takes wheels of the normal build. */
  readonly isDebug?: boolean;
  /** `linux`, `macos`, `windows`, `android`, `ios`, `emscripten`; on any other, what stands before `_<arch>` in its tag. */
  readonly os: string;
  /** Machine as wheels spell it: `x86_64`, `aarch64`, `arm64`, `amd64`, `arm64_v8a`, `arm64_iphoneos`, `wasm32`, … */
  readonly arch: string;
  /** On Linux. */
  readonly libc?: { readonly kind: "glibc" | "musl"; readonly version: readonly [number, number] };
  /** Of macOS and iOS; Android's API level and 0; year and patch of the Emscripten platform. */
  readonly osVersion?: readonly [number, number];
  /** PyPy's ABI, such as `pypy310_pp73`. */
  readonly abi?: string;
}

/** Where an environment of this interpreter keeps its parts, relative to the environment's root. */
export interface Scheme {
  /** `lib/python3.12/site-packages` or `Lib/site-packages`. */
  readonly purelib: string;
  readonly platlib: string;
  /** `bin` or `Scripts`. */
  readonly scripts: string;
  /** Headers: `include/site/python3.12`. */
  readonly headers: string;
}

/**
 * A Python that can run programs, as probed once and remembered by the file's identity. `path` is the real executable,
 * never a version manager's shim.
 */
export interface Interpreter {
  readonly path: string;
  /** `sys.base_prefix`'s executable; equal to `path` unless it lies in a virtual environment. */
  readonly basePath: string;
  /** Full version, such as `3.12.1` or `3.14.0rc2`. */
  readonly version: string;
  readonly implementation: string;
  readonly source: "managed" | "active" | "pyenv" | "path" | "system" | "homebrew" | "registry" | "conda" | "explicit";
  readonly markers: MarkerEnvironment;
  readonly tags: TagPlatform;
  readonly scheme: Scheme;
  readonly prefix: string;
  readonly basePrefix: string;
  readonly stdlib: string;
  /** Cache tag of its bytecode files, such as `cpython-312`. */
  readonly cacheTag: string;
  /** PEP 668: its site-packages belong to the system's package manager. */
  readonly isExternallyManaged: boolean;
  readonly isVirtual: boolean;
  /** 32 or 64. */
  readonly pointerBits: number;
  /** Changes when the executable is replaced: path, size, mtime and inode of the real file. */
  readonly identity: string;
}

/** For what a resolution must hold: one interpreter on one platform. */
export interface Target {
  /** Full version. */
  readonly python: string;
  readonly markers: MarkerEnvironment;
  readonly tags: TagPlatform;
}

/** The resolution target that an interpreter is. */
export const targetOf = (interpreter: Interpreter): Target => ({
  python: interpreter.version,
  markers: interpreter.markers,
  tags: interpreter.tags,
});

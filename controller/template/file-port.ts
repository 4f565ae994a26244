/** What is known of a path on the controller. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'other'
  /** Tells two names of one file. */
  readonly identity: string
}

/** The controller's own files, as far as file tests and path filters look at them. */
export interface FilePort {
  /** What is at `path`, links followed; nothing when there is none. */
  stat(path: string): FileFacts | undefined
  /** Whether `path` itself is a symbolic link. */
  isLink(path: string): boolean
  /** Whether another file system begins at `path`. */
  isMount(path: string): boolean
  /** `path` made absolute and without links. */
  realPath(path: string): string
  /** The names in the folder `path`; none when it cannot be read. */
  list(path: string): readonly string[]
  /** The home folder of `user`, or of the user who runs the controller. */
  homeOf(user: string | undefined): string | undefined
  /** An environment variable. */
  environment(name: string): string | undefined
  /** The working folder. */
  workingFolder(): string
}

/** A port for where there are no files: nothing exists. */
export const noFiles: FilePort = {
  stat: () => undefined,
  isLink: () => false,
  isMount: () => false,
  realPath: (path) => path,
  list: () => [],
  homeOf: () => undefined,
  environment: () => undefined,
  workingFolder: () => '/',
}

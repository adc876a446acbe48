/** Names a capability that one plugin provides and others use, without either importing the other. */
export interface ServiceKey<T> {
  readonly name: string;
  /** Carries the type only; never set. */
  readonly __type?: T;
}

/** Mints the key of a service; the name must be unique in an assembly (a second provider is `E_PLUGIN_CLASH`). */
export const serviceKey = <T>(name: string): ServiceKey<T> => ({ name });

/** bpmn-moddle ships no declaration for its entry point. Only what bpmn/moddle.ts calls. */
declare module 'bpmn-moddle' {
  export interface ModdleWarning {
    readonly message: string;
    readonly element?: object;
    readonly property?: string;
    readonly value?: unknown;
  }
  export class BpmnModdle {
    constructor(packages: Readonly<Record<string, object>>);
    fromXML(
      xml: string,
      options: { readonly lax: boolean },
    ): Promise<{ readonly rootElement: object; readonly warnings: readonly ModdleWarning[] }>;
  }
}

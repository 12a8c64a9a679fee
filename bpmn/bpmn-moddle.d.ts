/** bpmn-moddle ships no declaration for its entry point. Only what bpmn/moddle.ts and bpmn/convert call. */
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
    toXML(element: object, options: { readonly format: boolean }): Promise<{ readonly xml: string }>;
    create(type: string, attributes: Readonly<Record<string, unknown>>): object;
  }
}

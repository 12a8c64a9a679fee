/** dmn-moddle ships no declarations. Only what bpmn/dmn-metamodel.ts calls. */
declare module 'dmn-moddle' {
  export class DmnModdle {
    constructor(packages: Readonly<Record<string, object>>);
    fromXML(
      xml: string,
      typeName: string,
    ): Promise<{
      readonly rootElement: object;
      readonly warnings: readonly { readonly message: string; readonly element?: object }[];
    }>;
    toXML(element: object, options: { readonly format: boolean }): Promise<{ readonly xml: string }>;
  }
}

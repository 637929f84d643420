// The diagram viewer with zoom and drag, as one ES module.
export { default } from "bpmn-js/lib/NavigatedViewer";

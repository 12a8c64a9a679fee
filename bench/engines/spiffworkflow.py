"""SpiffWorkflow as one engine of the benchmark; speaks the protocol of bench/protocol.ts."""

import gc
import json
import os
import sys
import time
import tracemalloc

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState

BPMN_ELEMENTS = ("StartEvent", "EndEvent", "NoneTask", "ServiceTask", "ScriptTask", "BusinessRuleTask",
                 "ExclusiveGateway", "ParallelGateway", "InclusiveGateway")


class ImmediateServices(TaskDataEnvironment):
    """Every service answers at once, with nothing."""

    def call_service(self, context, **kwargs):
        return "{}"


class Engine:
    def __init__(self):
        self.script_engine = PythonScriptEngine(environment=ImmediateServices())

    def load(self, request):
        parser = SpiffBpmnParser()
        parser.add_bpmn_file(os.path.join(request["folder"], f"{request['row']}.bpmn"))
        decision = os.path.join(request["folder"], f"{request['row']}.dmn")
        if os.path.exists(decision):
            parser.add_dmn_file(decision)
        self.spec = parser.get_spec("process")
        for task in self.spec.task_specs.values():
            if type(task).__name__ == "NoneTask":
                # it would wait for a person; in the other engines a plain task is a pass-through
                task.manual = False
        self.variables = request["variables"]
        # the faster of its two ways to go on, by measurement
        self.drives_by_steps = request["row"] == "multi-instance"
        return {}

    def start(self):
        workflow = BpmnWorkflow(self.spec, script_engine=self.script_engine)
        workflow.get_next_task(state=TaskState.READY).set_data(**self.variables)
        if self.drives_by_steps:
            workflow.do_engine_steps()
        else:
            workflow.run_all()
        return workflow

    def count(self, request):
        completed = [task for task in self.start().tasks.values() if task.state == TaskState.COMPLETED]
        return {"elements": sum(type(task.task_spec).__name__ in BPMN_ELEMENTS for task in completed)}

    def run(self, request):
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(request["instances"]):
            if not self.start().completed:
                raise RuntimeError("The instance did not come to its end.")
        return {"wallMs": (time.perf_counter() - wall) * 1000, "cpuMs": (time.process_time() - cpu) * 1000}

    def hold(self, request):
        self.start()
        gc.collect()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        held = [self.start() for _ in range(request["instances"])]
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        state = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG)).to_dict(held[0])
        for model in ("spec", "subprocess_specs"):
            state.pop(model)
        return {"bytes": (after - before) / len(held), "stateBytes": len(json.dumps(state, separators=(",", ":")).encode())}


def main():
    engine = Engine()
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(getattr(engine, request["do"])(request)), flush=True)


main()

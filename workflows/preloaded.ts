/**
 * What is loaded once per worker instead of once per instance: the engine, which keeps nothing of a case (its tables are remembered results
 * of pure functions), and the models. The SDK freezes what is loaded here. Nothing that imports `@temporalio/workflow` belongs here.
 */
import '#engine/draft.ts';
import '#engine/keys.ts';
import '#engine/step.ts';
import '#engine/time.ts';
import '#engine/upgrade.ts';
import '#engine/variables.ts';
import './shared-models.ts';

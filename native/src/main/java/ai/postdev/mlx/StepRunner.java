package ai.postdev.mlx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns steps into native calls: long prompts in chunks first, then one call for all. */
final class StepRunner {
    private StepRunner() {}

    static List<StepResult> run(NativeThread thread, int chunk, List<Step> steps) {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a step needs at least one session");
        }
        List<Step> last = new ArrayList<>();
        for (Step step : steps) {
            int fed = 0;
            if (step.logits() != Step.Logits.ALL) {
                for (; step.tokens().length - fed > chunk; fed += chunk) {
                    Step part = Step.feed(step.session(), Arrays.copyOfRange(step.tokens(), fed, fed + chunk));
                    thread.run(() -> call(List.of(part)));
                }
            }
            last.add(fed == 0 ? step : rest(step, fed));
        }
        return thread.call(() -> call(last));
    }

    private static Step rest(Step step, int fed) {
        int[] tokens = Arrays.copyOfRange(step.tokens(), fed, step.tokens().length);
        return new Step(step.session(), tokens, step.sampling(), step.allowed(), step.topLogprobs(), step.logits());
    }

    private static List<StepResult> call(List<Step> steps) {
        int n = steps.size();
        long[] sessions = new long[n];
        int[] counts = new int[n];
        float[] params = new float[n * Native.PARAMS];
        long[] seeds = new long[n];
        long[][] masks = new long[n][];
        int top = 0;
        for (int i = 0; i < n; i++) {
            Step step = steps.get(i);
            sessions[i] = step.session().id();
            counts[i] = step.tokens().length;
            seeds[i] = step.session().seed();
            masks[i] = step.allowed();
            top = Math.max(top, step.topLogprobs());
            Sampling sampling = step.sampling() == null ? Sampling.GREEDY : step.sampling();
            int at = i * Native.PARAMS;
            params[at] = (float) sampling.temperature();
            params[at + 1] = sampling.topK();
            params[at + 2] = (float) sampling.topP();
            params[at + 3] = (float) sampling.minP();
            params[at + 4] = (float) sampling.repetitionPenalty();
            params[at + 5] = sampling.repetitionWindow();
            params[at + 6] = step.sampling() == null ? 0 : 1;
            params[at + 7] = step.logits().ordinal();
        }
        int[] tokens = new int[Arrays.stream(counts).sum()];
        int filled = 0;
        for (Step step : steps) {
            System.arraycopy(step.tokens(), 0, tokens, filled, step.tokens().length);
            filled += step.tokens().length;
        }
        int[] drawn = new int[n];
        Arrays.fill(drawn, -1);
        float[] logprobs = new float[n];
        int[] topTokens = new int[n * top];
        float[] topLogprobs = new float[n * top];
        float[][] logits = new float[n][];
        Native.step(
                sessions, counts, tokens, params, seeds, masks, top, drawn, logprobs, topTokens, topLogprobs, logits);
        List<StepResult> results = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            Step step = steps.get(i);
            step.session().seed(seeds[i]);
            int known = step.session().model().spec().vocab();
            int own = drawn[i] < 0 ? 0 : Math.min(step.topLogprobs(), known);
            results.add(new StepResult(
                    drawn[i],
                    logprobs[i],
                    Arrays.copyOfRange(topTokens, i * top, i * top + own),
                    Arrays.copyOfRange(topLogprobs, i * top, i * top + own),
                    logits[i] == null ? new float[0] : logits[i]));
        }
        return results;
    }
}

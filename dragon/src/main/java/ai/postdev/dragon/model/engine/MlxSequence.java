package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.mlx.MlxSession;
import ai.postdev.mlx.Step;
import ai.postdev.mlx.StepResult;
import ai.postdev.mlx.token.TextStream;
import ai.postdev.mlx.token.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** One answer as the loop of steps sees it: what was fed, what is to be fed next, what was said. The loop's thread. */
final class MlxSequence implements AnswerLoop.Answer {
    private static final int REPEAT_WINDOW = 64;

    final int[] prompt;

    private final PulledGeneration generation;
    private final Tokenizer tokenizer;
    private final TextStream characters;
    private final StopText stops;
    private final Optional<SchemaMask> schema;
    private final ai.postdev.mlx.Sampling sampling;
    private final long seed;
    private final int maxTokens;
    private final long opened = System.nanoTime();
    private MlxSession session;
    private int[] said = new int[64];
    private int saidCount;
    private int fed;
    private int cached;
    private long first;
    private Finish finish;

    MlxSequence(
            PulledGeneration generation,
            Tokenizer tokenizer,
            int[] prompt,
            int maxTokens,
            GenerationRequest request,
            Optional<SchemaMask> schema) {
        this.generation = generation;
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.maxTokens = maxTokens;
        this.schema = schema;
        characters = new TextStream(tokenizer);
        stops = new StopText(request.stops());
        Sampling how = request.sampling();
        sampling = new ai.postdev.mlx.Sampling(
                how.temperature(), how.topK(), how.topP(), how.minP(), how.repeatPenalty(), REPEAT_WINDOW);
        seed = how.seed().isPresent()
                ? how.seed().getAsInt()
                : ThreadLocalRandom.current().nextLong();
    }

    @Override
    public PulledGeneration generation() {
        return generation;
    }

    /** It gets a session that has read the first {@code tokens} of its prompt. */
    void begin(MlxSession own, int tokens) {
        session = own;
        session.seed(seed);
        fed = tokens;
        cached = tokens;
    }

    boolean begun() {
        return session != null;
    }

    MlxSession session() {
        return session;
    }

    /** Tokens that its session has read. */
    int fed() {
        return fed;
    }

    /** Tokens that its session has read. */
    int[] tokens() {
        int[] all = Arrays.copyOf(prompt, fed);
        if (fed > prompt.length) {
            System.arraycopy(said, 0, all, prompt.length, fed - prompt.length);
        }
        return all;
    }

    /** Tokens of the prompt that are still to be read. */
    int unread() {
        return Math.max(0, prompt.length - fed);
    }

    /** The step that feeds so many more tokens of the prompt. */
    Step prefill(int count) {
        int[] part = Arrays.copyOfRange(prompt, fed, fed + count);
        return count == unread() ? draw(part) : Step.feed(session, part);
    }

    /** The step that feeds what was said last. */
    Step decode() {
        return draw(new int[] {said[saidCount - 1]});
    }

    private Step draw(int[] tokens) {
        return new Step(
                session, tokens, sampling, schema.map(SchemaMask::allowed).orElse(null), 0, Step.Logits.NONE);
    }

    /** A step of it was done. Answers the text that is sure now; empty if there is none. */
    String stepped(Step step, StepResult result) {
        fed += step.tokens().length;
        if (step.sampling() == null) {
            return "";
        }
        if (first == 0) {
            first = System.nanoTime();
        }
        int token = result.token();
        if (tokenizer.ends().contains(token)) {
            finish = Finish.STOP;
            return rest();
        }
        if (saidCount == said.length) {
            said = Arrays.copyOf(said, 2 * saidCount);
        }
        said[saidCount++] = token;
        schema.ifPresent(mask -> mask.drawn(token));
        String sure = stops.add(characters.add(token));
        if (stops.found() || schema.isPresent() && schema.get().ended()) {
            finish = Finish.STOP;
            return sure;
        }
        if (saidCount == maxTokens) {
            finish = Finish.LENGTH;
            return sure + rest();
        }
        return sure;
    }

    private String rest() {
        return stops.add(characters.end()) + stops.end();
    }

    boolean finished() {
        return finish != null;
    }

    /** What it took so far. */
    Generation.Usage usage() {
        long now = System.nanoTime();
        long begun = first == 0 ? now : first;
        return new Generation.Usage(prompt.length, saidCount, begun - opened, now - begun, cached);
    }

    /** How it ended, cancelled if nothing else. */
    Generation.End end() {
        return new Generation.End(finish == null ? Finish.CANCELLED : finish, usage());
    }
}

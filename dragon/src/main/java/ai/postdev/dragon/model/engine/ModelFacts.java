package ai.postdev.dragon.model.engine;

/**
 * What is known of a loaded model.
 *
 * @param engine that runs it
 * @param context tokens of one generation, prompt and answer together
 * @param sequences generations at the same time
 */
public record ModelFacts(String engine, int context, int sequences) {}

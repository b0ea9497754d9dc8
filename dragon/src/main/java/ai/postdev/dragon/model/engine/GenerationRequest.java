package ai.postdev.dragon.model.engine;

import java.util.List;
import java.util.Optional;

/**
 * What is to be generated.
 *
 * @param maxTokens of the answer; 0: as many as the context has room for
 * @param stops texts at which the answer ends; they are no part of it
 * @param jsonSchema that the answer must obey, as text
 * @param begun what there is of the answer already: it goes on from there
 */
public record GenerationRequest(
        Prompt prompt,
        int maxTokens,
        Sampling sampling,
        List<String> stops,
        Optional<String> jsonSchema,
        String begun) {
    public GenerationRequest {
        stops = List.copyOf(stops);
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max tokens is " + maxTokens + ", expected 0 or more");
        }
    }

    /** The same request, gone on with after a pause. */
    public GenerationRequest after(String answered, int tokens) {
        return new GenerationRequest(
                prompt, maxTokens == 0 ? 0 : Math.max(1, maxTokens - tokens), sampling, stops, jsonSchema, answered);
    }
}

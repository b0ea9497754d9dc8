package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.constrain.Automaton;
import ai.postdev.dragon.model.constrain.GbnfText;
import ai.postdev.dragon.model.constrain.Grammar;
import ai.postdev.dragon.model.constrain.SchemaGrammar;
import ai.postdev.dragon.model.constrain.SchemaSettings;
import ai.postdev.dragon.model.constrain.UnsupportedSchemaException;
import ai.postdev.dragon.model.engine.EngineFault.Kind;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.Pair;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** A model that llama.cpp holds. Its own threads compute; callers only wait. */
final class LlamaLanguageModel implements LanguageModel {
    private final LlamaModel model;
    private final ModelFacts facts;
    private final SchemaSettings schemas;
    private final LlamaResults results;

    LlamaLanguageModel(LlamaModel model, LoadRequest request) {
        this.model = model;
        facts = new ModelFacts(LlamaEngine.NAME, request.context(), request.sequences());
        schemas = request.tuning().schema();
        results = new LlamaResults(model, request);
        results.start();
    }

    @Override
    public ModelFacts facts() {
        return facts;
    }

    @Override
    public int tokens(String text) throws EngineFault {
        try {
            return text.isEmpty() ? 0 : model.encode(text).length;
        } catch (RuntimeException e) {
            throw new EngineFault(Kind.FAILED, "the text cannot be cut into tokens: " + e.getMessage(), e);
        }
    }

    @Override
    public Generation open(GenerationRequest request) throws EngineFault {
        String asked = text(request.prompt());
        if (asked.isBlank()) {
            throw new EngineFault(Kind.BAD_REQUEST, "the prompt is empty");
        }
        String prompt = asked + request.begun();
        int promptTokens = tokens(prompt);
        int maxTokens = Room.forAnswer(request, promptTokens, facts.context());
        Optional<Grammar> grammar = request.jsonSchema().isEmpty()
                ? Optional.empty()
                : Optional.of(grammar(request.jsonSchema().get()));
        return results.begin(new LlamaSequence.Asked(
                prompt,
                promptTokens,
                parameters(request, maxTokens, grammar),
                maxTokens,
                !request.stops().isEmpty(),
                grammar.map(LlamaLanguageModel::whole).orElse(_ -> true)));
    }

    private static InferenceParameters parameters(GenerationRequest request, int maxTokens, Optional<Grammar> grammar) {
        Sampling sampling = request.sampling();
        InferenceParameters parameters = new InferenceParameters("")
                .setNPredict(maxTokens)
                .setCachePrompt(true)
                .setTemperature(sampling.temperature())
                // Without a bound llama.cpp sorts all tokens that there are for each one that it draws.
                .setTopK(sampling.temperature() == 0 ? 1 : sampling.topK())
                .setTopP(sampling.topP())
                .setMinP(sampling.minP())
                .setRepeatPenalty(sampling.repeatPenalty());
        sampling.seed().ifPresent(parameters::setSeed);
        if (!request.stops().isEmpty()) {
            parameters.setStopStrings(request.stops().toArray(String[]::new));
        }
        grammar.map(GbnfText::of).ifPresent(parameters::setGrammar);
        return parameters;
    }

    private static Predicate<String> whole(Grammar grammar) {
        Automaton automaton = new Automaton(grammar);
        return text -> automaton
                .next(automaton.start(), text.getBytes(StandardCharsets.UTF_8))
                .isComplete();
    }

    /** Ours, as for every engine: what cannot be guaranteed is refused and not ignored. */
    private Grammar grammar(String schema) throws EngineFault {
        try {
            return SchemaGrammar.of(schema, schemas);
        } catch (UnsupportedSchemaException e) {
            throw new EngineFault(Kind.BAD_REQUEST, e.getMessage(), e);
        }
    }

    private String text(Prompt prompt) throws EngineFault {
        return switch (prompt) {
            case Prompt.Text(String text) -> text;
            case Prompt.Chat(List<Message> messages) -> template(messages);
        };
    }

    /** The binding takes a system text and turns of others apart. */
    private String template(List<Message> messages) throws EngineFault {
        if (messages.isEmpty()) {
            throw new EngineFault(Kind.BAD_REQUEST, "the conversation has no messages");
        }
        List<String> system = new ArrayList<>();
        List<Pair<String, String>> turns = new ArrayList<>();
        for (Message message : messages) {
            switch (message.role()) {
                case SYSTEM -> system.add(message.text());
                case USER, TOOL -> turns.add(new Pair<>("user", message.text()));
                case ASSISTANT -> turns.add(new Pair<>(message.role().name().toLowerCase(Locale.ROOT), message.text()));
            }
        }
        try {
            return model.applyTemplate(new InferenceParameters("")
                    .setMessages(String.join("\n\n", system), turns)
                    .setUseChatTemplate(true));
        } catch (RuntimeException e) {
            throw new EngineFault(
                    Kind.BAD_REQUEST, "the model's template does not take the conversation: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        results.close();
        model.close();
    }
}

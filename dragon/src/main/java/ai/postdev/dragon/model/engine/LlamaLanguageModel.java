package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A model that llama.cpp holds. Its own threads compute; callers only wait. */
final class LlamaLanguageModel implements LanguageModel {
    private final LlamaModel model;
    private final ModelFacts facts;

    LlamaLanguageModel(LlamaModel model, ModelFacts facts) {
        this.model = model;
        this.facts = facts;
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
        int room = facts.context() - promptTokens;
        if (room < 1 || request.maxTokens() > room) {
            throw new EngineFault(
                    Kind.TOO_LONG,
                    "the prompt has " + promptTokens + " tokens"
                            + (request.maxTokens() > 0 ? " and the answer may have " + request.maxTokens() : "")
                            + ", the context " + facts.context()
                            + "; shorten the prompt or load the model with a longer context");
        }
        int maxTokens = request.maxTokens() == 0 ? room : request.maxTokens();
        Sampling sampling = request.sampling();
        InferenceParameters parameters = new InferenceParameters(prompt)
                .setNPredict(maxTokens)
                .setCachePrompt(true)
                .setTemperature(sampling.temperature())
                .setTopK(sampling.topK())
                .setTopP(sampling.topP())
                .setMinP(sampling.minP())
                .setRepeatPenalty(sampling.repeatPenalty());
        sampling.seed().ifPresent(parameters::setSeed);
        if (!request.stops().isEmpty()) {
            parameters.setStopStrings(request.stops().toArray(String[]::new));
        }
        try {
            request.jsonSchema().ifPresent(schema -> parameters.setGrammar(LlamaModel.jsonSchemaToGrammar(schema)));
            return new LlamaGeneration(model, parameters, promptTokens, maxTokens);
        } catch (RuntimeException e) {
            throw new EngineFault(Kind.BAD_REQUEST, "llama.cpp does not take the request: " + e.getMessage(), e);
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
        model.close();
    }
}

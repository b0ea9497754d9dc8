package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.constrain.Vocabulary;
import ai.postdev.dragon.model.engine.EngineFault.Kind;
import ai.postdev.dragon.model.template.ChatTemplate;
import ai.postdev.dragon.model.template.TemplateException;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxModel;
import ai.postdev.mlx.token.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** A model that MLX holds. Callers' threads make tokens of prompts; the loop of steps does the rest. */
final class MlxLanguageModel implements LanguageModel {
    private final MlxEngine engine;
    private final MlxModel model;
    private final LoadRequest settings;
    private final MlxSteps steps;
    private final ChatTemplate template;
    private final int context;
    /** Made when the first answer has a schema to follow. */
    private Vocabulary vocabulary;

    /** @throws EngineFault if the model's chat template is none */
    MlxLanguageModel(MlxEngine engine, MlxModel model, LoadRequest request) throws EngineFault {
        this.engine = engine;
        this.model = model;
        context = Math.min(request.context(), model.maxContext());
        settings = request;
        try {
            template = ChatTemplate.of(model.chatTemplate().orElse(ChatTemplate.CHATML));
        } catch (TemplateException e) {
            engine.close();
            throw new EngineFault(
                    Kind.BAD_MODEL, "the chat template of " + request.file() + " is none: " + e.getMessage(), e);
        }
        steps = new MlxSteps(engine, new PromptCache(model, request.tuning()), context, request);
        steps.start();
    }

    @Override
    public ModelFacts facts() {
        return new ModelFacts(MlxInference.NAME, context, settings.sequences());
    }

    @Override
    public int tokens(String text) {
        return model.tokenizer().encode(text, false).length;
    }

    @Override
    public Generation open(GenerationRequest request) throws EngineFault {
        String asked = text(request.prompt());
        if (asked.isBlank()) {
            throw new EngineFault(Kind.BAD_REQUEST, "the prompt is empty");
        }
        int[] prompt = encode(asked + request.begun());
        if (prompt.length == 0) {
            throw new EngineFault(
                    Kind.BAD_REQUEST,
                    "the prompt has no token that the model knows: its tokenizer leaves out every character of it");
        }
        int maxTokens = Room.forAnswer(request, prompt.length, context);
        Optional<SchemaMask> schema = request.jsonSchema().isEmpty()
                ? Optional.empty()
                : Optional.of(new SchemaMask(
                        request.jsonSchema().get(), settings.tuning().schema(), vocabulary(), request.begun()));
        PulledGeneration generation = steps.open(settings.tuning().aheadMax(), prompt.length);
        steps.begin(new MlxSequence(generation, model.tokenizer(), prompt, maxTokens, request, schema));
        return generation;
    }

    /** Templates write the mark of the beginning, and tokenizers add it. */
    private int[] encode(String text) {
        int[] tokens = model.tokenizer().encode(text, true);
        OptionalInt start = model.tokenizer().start();
        boolean twice = tokens.length > 1
                && start.isPresent()
                && tokens[0] == start.getAsInt()
                && tokens[1] == start.getAsInt();
        return twice ? Arrays.copyOfRange(tokens, 1, tokens.length) : tokens;
    }

    private String text(Prompt prompt) throws EngineFault {
        return switch (prompt) {
            case Prompt.Text(String text) -> text;
            case Prompt.Chat(List<Message> messages) -> template(messages);
        };
    }

    private String template(List<Message> messages) throws EngineFault {
        if (messages.isEmpty()) {
            throw new EngineFault(Kind.BAD_REQUEST, "the conversation has no messages");
        }
        Tokenizer tokenizer = model.tokenizer();
        String start =
                tokenizer.start().isPresent() ? tokenizer.name(tokenizer.start().getAsInt()) : "";
        String end = tokenizer.ends().stream()
                .sorted()
                .findFirst()
                .map(tokenizer::name)
                .orElse("");
        try {
            return template.render(
                    messages.stream()
                            .map(one -> new ChatTemplate.Turn(one.role().name().toLowerCase(Locale.ROOT), one.text()))
                            .toList(),
                    List.of(),
                    start,
                    end);
        } catch (TemplateException e) {
            throw new EngineFault(
                    Kind.BAD_REQUEST, "the model's template does not take the conversation: " + e.getMessage(), e);
        }
    }

    @Override
    public long trimmable() {
        return steps.trimmable();
    }

    @Override
    public long trim(long bytes) throws EngineFault {
        return steps.trim(bytes);
    }

    private synchronized Vocabulary vocabulary() {
        if (vocabulary == null) {
            Tokenizer tokenizer = model.tokenizer();
            byte[][] bytes = new byte[tokenizer.size()][];
            for (int token = 0; token < bytes.length; token++) {
                bytes[token] = tokenizer.bytes(token);
            }
            BitSet ends = new BitSet();
            tokenizer.ends().forEach(ends::set);
            vocabulary = new Vocabulary(bytes, ends);
        }
        return vocabulary;
    }

    @Override
    public void close() {
        steps.close();
        model.close();
        engine.close();
    }
}

package ai.postdev.dragon.model.template;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The template of a model. Immutable; any thread. */
public final class ChatTemplate {
    /** For models that have none; llama.cpp takes the same. */
    public static final String CHATML = "{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final long RANGE_MAX = 100_000;

    /** One turn of a conversation. @param role as templates name it: system, user, assistant, tool */
    public record Turn(String role, String content) {}

    private final List<Statement> statements;
    private final TemplateBounds bounds;

    private ChatTemplate(List<Statement> statements, TemplateBounds bounds) {
        this.statements = statements;
        this.bounds = bounds;
    }

    /** @throws TemplateException if it is no template, or too large */
    public static ChatTemplate of(String source) throws TemplateException {
        return of(source, TemplateBounds.STANDARD);
    }

    static ChatTemplate of(String source, TemplateBounds bounds) throws TemplateException {
        return new ChatTemplate(TemplateParser.parse(source, bounds), bounds);
    }

    /**
     * The conversation as the model reads it, up to where its answer begins.
     *
     * @param tools that the model may call, as JSON schemas in maps and lists
     * @param start name of the token that begins a text
     * @param end name of the token that ends an answer
     * @throws TemplateException if the template refuses the conversation, or goes beyond a bound
     */
    public String render(List<Turn> turns, List<Object> tools, String start, String end) throws TemplateException {
        List<Object> messages = new ArrayList<>();
        for (Turn turn : turns) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", turn.role());
            message.put("content", turn.content());
            messages.add(message);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("messages", messages);
        values.put("tools", tools.isEmpty() ? null : tools);
        values.put("documents", null);
        values.put("add_generation_prompt", true);
        values.put("bos_token", start);
        values.put("eos_token", end);
        return render(values, LocalDateTime.now());
    }

    /** With these values, at this time. */
    String render(Map<String, Object> values, LocalDateTime now) throws TemplateException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("raise_exception", (Callable) given -> {
            throw new TemplateException(given.text(0, "message"));
        });
        all.put("strftime_now", (Callable) given -> Clock.written(now, given.text(0, "format")));
        all.put("namespace", (Callable) ChatTemplate::space);
        all.put("range", (Callable) ChatTemplate::range);
        all.put("dict", (Callable) given -> new LinkedHashMap<Object, Object>(given.named()));
        all.putAll(values);
        return new Renderer(bounds, all).render(statements);
    }

    private static Object space(Arguments given) {
        Space space = new Space();
        for (Object from : given.placed()) {
            if (from instanceof Map<?, ?> map) {
                map.forEach((name, value) -> space.values.put(String.valueOf(name), value));
            }
        }
        space.values.putAll(given.named());
        return space;
    }

    private static Object range(Arguments given) throws TemplateException {
        boolean one = given.placed().size() == 1;
        long from = one ? 0 : given.number(0, "start", 0);
        long to = given.number(one ? 0 : 1, "stop", 0);
        long by = given.number(2, "step", 1);
        if (by == 0 || Math.abs((to - from) / by) > RANGE_MAX) {
            throw new TemplateException(
                    "range(" + from + ", " + to + ", " + by + ") has more than " + RANGE_MAX + " numbers, or no end");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            numbers.add(i);
        }
        return numbers;
    }
}

package ai.postdev.dragon.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Does what a template says. One rendering, one thread. */
final class Renderer {
    /** How a block went on. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Budget budget;
    private final Evaluator evaluator;
    private final Scope globals;
    private StringBuilder out = new StringBuilder();

    Renderer(TemplateBounds bounds, Map<String, Object> values) {
        budget = new Budget(bounds);
        evaluator = new Evaluator(budget);
        globals = new Scope(null);
        values.forEach(globals::set);
    }

    String render(List<Statement> template) throws TemplateException {
        run(template, new Scope(globals));
        return out.toString();
    }

    private Flow run(List<Statement> statements, Scope scope) throws TemplateException {
        for (Statement statement : statements) {
            Flow flow = run(statement, scope);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement, Scope scope) throws TemplateException {
        budget.step();
        switch (statement) {
            case Statement.Data(String text) -> write(text);
            case Statement.Print(Expression what) -> write(Values.text(evaluator.value(what, scope), budget));
            case Statement.If(Expression condition, List<Statement> then, List<Statement> otherwise) -> {
                return run(Values.truth(evaluator.value(condition, scope)) ? then : otherwise, scope);
            }
            case Statement.For loop -> loop(loop, scope);
            case Statement.Set(List<String> names, Expression value) ->
                assign(names, evaluator.value(value, scope), scope);
            case Statement.SetAttribute(String space, String name, Expression value) -> {
                if (!(scope.get(space) instanceof Space target)) {
                    throw new TemplateException("'" + space + "' is no namespace, so nothing in it can be set");
                }
                target.values.put(name, evaluator.value(value, scope));
            }
            case Statement.SetBlock(String name, List<Statement> body) -> scope.set(name, captured(body, scope));
            case Statement.Macro macro -> scope.set(macro.name(), (Callable) given -> called(macro, given, scope));
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private void write(String text) throws TemplateException {
        if ((long) out.length() + text.length() > budget.bounds().charactersMax()) {
            budget.characters((long) out.length() + text.length());
        }
        budget.work(text.length());
        out.append(text);
    }

    private String captured(List<Statement> body, Scope scope) throws TemplateException {
        StringBuilder around = out;
        out = new StringBuilder();
        try {
            run(body, new Scope(scope));
            return out.toString();
        } finally {
            out = around;
        }
    }

    private String called(Statement.Macro macro, Arguments given, Scope defined) throws TemplateException {
        Scope scope = new Scope(defined);
        if (given.placed().size() > macro.names().size()) {
            throw new TemplateException(
                    "the macro '" + macro.name() + "' takes " + macro.names().size() + " arguments, found "
                            + given.placed().size());
        }
        for (int i = 0; i < macro.names().size(); i++) {
            String name = macro.names().get(i);
            Object value = given.get(i, name, this);
            if (value == this) {
                Expression otherwise = macro.defaults().get(name);
                value = otherwise == null ? new Undefined(name) : evaluator.value(otherwise, scope);
            }
            scope.set(name, value);
        }
        budget.enter();
        String text = captured(macro.body(), scope);
        budget.leave();
        return text;
    }

    private static void assign(List<String> names, Object value, Scope scope) throws TemplateException {
        if (names.size() == 1) {
            scope.set(names.getFirst(), value);
            return;
        }
        List<?> parts = Values.items(value);
        if (parts.size() != names.size()) {
            throw new TemplateException(
                    parts.size() + " values for " + names.size() + " names (" + String.join(", ", names) + ")");
        }
        for (int i = 0; i < names.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }

    private void loop(Statement.For loop, Scope around) throws TemplateException {
        List<Object> items = new ArrayList<>();
        for (Object item : Values.items(evaluator.value(loop.in(), around))) {
            budget.step();
            if (loop.only().isPresent()) {
                Scope scope = new Scope(around);
                assign(loop.names(), item, scope);
                if (!Values.truth(evaluator.value(loop.only().get(), scope))) {
                    continue;
                }
            }
            items.add(item);
        }
        // As in jinja2, what a loop does otherwise is done if no round of it came to its end.
        boolean whole = false;
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            Scope scope = new Scope(around);
            scope.set("loop", about(items, i));
            assign(loop.names(), items.get(i), scope);
            Flow flow = run(loop.body(), scope);
            whole |= flow == Flow.ON;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        if (!whole) {
            run(loop.otherwise(), new Scope(around));
        }
    }

    private static Map<String, Object> about(List<Object> items, int i) {
        Map<String, Object> loop = new LinkedHashMap<>();
        loop.put("index", i + 1L);
        loop.put("index0", (long) i);
        loop.put("revindex", (long) items.size() - i);
        loop.put("revindex0", (long) items.size() - i - 1);
        loop.put("first", i == 0);
        loop.put("last", i == items.size() - 1);
        loop.put("length", (long) items.size());
        loop.put("previtem", i == 0 ? new Undefined("previtem") : items.get(i - 1));
        loop.put("nextitem", i == items.size() - 1 ? new Undefined("nextitem") : items.get(i + 1));
        loop.put("depth", 1L);
        loop.put("cycle", (Callable) given -> {
            if (given.placed().isEmpty()) {
                throw new TemplateException("cycle needs something to go through");
            }
            return given.placed().get(i % given.placed().size());
        });
        return loop;
    }
}

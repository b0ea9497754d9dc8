package ai.postdev.dragon.model.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that a template does. */
sealed interface Statement {
    record Data(String text) implements Statement {}

    record Print(Expression what) implements Statement {}

    record If(Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    /** @param names that an item, or its parts, get */
    record For(
            List<String> names,
            Expression in,
            Optional<Expression> only,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /** {@code set a, b = value} */
    record Set(List<String> names, Expression value) implements Statement {}

    /** {@code set space.name = value} */
    record SetAttribute(String space, String name, Expression value) implements Statement {}

    /** {@code set name} … {@code endset} */
    record SetBlock(String name, List<Statement> body) implements Statement {}

    /** @param defaults of the last names */
    record Macro(String name, List<String> names, Map<String, Expression> defaults, List<Statement> body)
            implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}
}

package ai.postdev.dragon.model.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that has a value. */
sealed interface Expression {
    /** A value that is written down. */
    record Constant(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record Items(List<Expression> items) implements Expression {}

    record Dict(List<Map.Entry<Expression, Expression>> entries) implements Expression {}

    /** {@code of.name} */
    record Attribute(Expression of, String name) implements Expression {}

    /** {@code of[key]} */
    record Item(Expression of, Expression key) implements Expression {}

    /** {@code of[from:to:by]} */
    record Slice(Expression of, Optional<Expression> from, Optional<Expression> to, Optional<Expression> by)
            implements Expression {}

    record Call(Expression what, List<Expression> arguments, Map<String, Expression> named) implements Expression {}

    record Filter(Expression of, String name, List<Expression> arguments, Map<String, Expression> named)
            implements Expression {}

    record Test(Expression of, String name, List<Expression> arguments, boolean negated) implements Expression {}

    record Unary(String operator, Expression of) implements Expression {}

    /** Arithmetic and {@code ~}. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code first < second == third}, each with its left neighbour. */
    record Comparison(Expression first, List<Map.Entry<String, Expression>> rest) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise) implements Expression {}
}

package ai.postdev.dragon.model.template;

import ai.postdev.dragon.model.template.Token.Kind;
import java.util.List;

/** Tokens, read one by one. */
final class Tokens {
    private final List<Token> all;
    private final int nestingMax;
    private int at;
    private int depth;

    Tokens(List<Token> all, int nestingMax) {
        this.all = all;
        this.nestingMax = nestingMax;
    }

    Token peek() {
        return all.get(at);
    }

    Token peek(int ahead) {
        return all.get(Math.min(at + ahead, all.size() - 1));
    }

    Token next() {
        Token token = all.get(at);
        if (at < all.size() - 1) {
            at++;
        }
        return token;
    }

    boolean skip(Kind kind, String value) {
        if (peek().is(kind, value)) {
            next();
            return true;
        }
        return false;
    }

    boolean skipOperator(String value) {
        return skip(Kind.OPERATOR, value);
    }

    boolean skipName(String value) {
        return skip(Kind.NAME, value);
    }

    Token expect(Kind kind) throws TemplateException {
        if (peek().kind() != kind) {
            throw wrong("found " + peek().shown() + ", expected " + kind.name().toLowerCase(java.util.Locale.ROOT));
        }
        return next();
    }

    void expectOperator(String value) throws TemplateException {
        if (!skipOperator(value)) {
            throw wrong("found " + peek().shown() + ", expected '" + value + "'");
        }
    }

    void expectName(String value) throws TemplateException {
        if (!skipName(value)) {
            throw wrong("found " + peek().shown() + ", expected '" + value + "'");
        }
    }

    void enter() throws TemplateException {
        if (++depth > nestingMax) {
            throw wrong("it nests deeper than " + nestingMax);
        }
    }

    void leave() {
        depth--;
    }

    TemplateException wrong(String what) {
        return new TemplateException("line " + peek().line() + ": " + what);
    }
}

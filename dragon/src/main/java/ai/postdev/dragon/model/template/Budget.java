package ai.postdev.dragon.model.template;

import java.util.List;

/** What one rendering has taken, against its bounds. One thread. */
final class Budget {
    /** Characters that are looked at in one step. */
    private static final int CHARACTERS_PER_STEP = 32;

    private final TemplateBounds bounds;
    /** Values within values that one expression takes; a long sum is deep too. */
    private static final int EXPRESSION_DEPTH = 8;

    private long steps;
    private int depth;
    private int expressions;

    Budget(TemplateBounds bounds) {
        this.bounds = bounds;
    }

    TemplateBounds bounds() {
        return bounds;
    }

    void step() throws TemplateException {
        steps(1);
    }

    /** Work on so many characters, or something alike. */
    void work(long characters) throws TemplateException {
        steps(1 + characters / CHARACTERS_PER_STEP);
    }

    private void steps(long more) throws TemplateException {
        steps += more;
        if (steps > bounds.stepsMax()) {
            throw new TemplateException("it takes more than " + bounds.stepsMax() + " steps");
        }
    }

    /** Before a text of so many characters is made. */
    void characters(long count) throws TemplateException {
        if (count > bounds.charactersMax()) {
            throw new TemplateException(
                    "it makes a text of " + count + " characters, at most " + bounds.charactersMax() + " may be");
        }
        work(count);
    }

    /** Before a list of so many items is made. */
    void items(long count) throws TemplateException {
        if (count > bounds.itemsMax()) {
            throw new TemplateException(
                    "it makes a list of " + count + " items, at most " + bounds.itemsMax() + " may be");
        }
        steps(count);
    }

    void enter() throws TemplateException {
        if (++depth > bounds.nestingMax()) {
            throw new TemplateException("it nests deeper than " + bounds.nestingMax());
        }
    }

    void leave() {
        depth--;
    }

    /** A value within a value begins. */
    void dig() throws TemplateException {
        step();
        if (++expressions > EXPRESSION_DEPTH * bounds.nestingMax()) {
            throw new TemplateException(
                    "an expression nests deeper than " + EXPRESSION_DEPTH * bounds.nestingMax() + " values");
        }
    }

    void up() {
        expressions--;
    }

    String text(String made) throws TemplateException {
        characters(made.length());
        return made;
    }

    <T> List<T> list(List<T> made) throws TemplateException {
        items(made.size());
        return made;
    }
}

"""Copies the headers with thousands of faults in them, of which a running program has at most one.

A fault ("mutant") has a number. `a < b` becomes `a < Wedge<7>() < b`, which keeps the precedence and is `a < b` unless
fault 7 is on, `x = 0;` becomes `if (!mutant(8)) x = 0;`, and so on: see the functions below. The text is read token by
token and not parsed, which is enough for text that clang-format has put in order.

Only what runs is changed. What the compiler evaluates stays as it is: constexpr values, static_assert, sizes of arrays,
switches of the library (PICOCLAUDE_...) in conditions. And where both sides of an edge are the same there is no fault:
the smaller of two is as small whether it was found by < or by <=.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests/support'))
import unity  # noqa: E402

# The way of a request out and of an answer in. What the compiler evaluates (declarations of tools, say) is not there.
HEADERS = ['base/small_text.hpp', 'base/text.hpp', 'base/window.hpp', 'wire/http_*.hpp', 'wire/json_*.hpp', 'wire/multipart.hpp',
           'wire/percent.hpp', 'wire/sse.hpp', 'wire/url.hpp', 'messages/block_*.hpp', 'messages/cache_*.hpp', 'messages/delta*.hpp',
           'messages/error_reader.hpp', 'messages/event_*.hpp', 'messages/input_*.hpp', 'messages/output_reader.hpp',
           'messages/request.hpp', 'messages/whole_delta.hpp', 'endpoints/endpoint.hpp', 'session/*.hpp', 'io/client*.hpp',
           'io/transport.hpp']

TOKEN = re.compile(r'''
    (?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*) |
    (?P<text>R"\(.*?\)"|"(?:[^"\\\n]|\\.)*") |
    (?P<char>'(?:[^'\\\n]|\\.)+') |
    (?P<number>0[xX][0-9A-Fa-f']+[uUlL]*|[0-9][0-9']*[uUlL]*) |
    (?P<word>[A-Za-z_]\w*) |
    (?P<sign><<=|>>=|\.\.\.|->|::|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|%=|&=|\|=|\^=|.)
    ''', re.VERBOSE | re.DOTALL | re.MULTILINE)

# What an operator may become, in the order of the fault's numbers.
BECOMES = {'<': ['<=', '>='], '>': ['>=', '<='], '<=': ['<', '>'], '>=': ['>', '<'], '==': ['!='], '!=': ['=='],
           '+': ['-'], '-': ['+'], '*': ['+'], '/': ['*'], '%': ['/'], '&': ['|'], '|': ['&'], '^': ['|'],
           '<<': ['>>'], '>>': ['<<']}
ASSIGNS = {'=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='}
OPENS, CLOSES = '([{', ')]}'

Token = collections.namedtuple('Token', 'kind text at end')


class Header:
    """One file: its tokens, which of them run, and what is inserted where."""

    def __init__(self, path, first):
        self.path = path
        self.text = path.read_text()
        self.tokens = [Token(match.lastgroup, match[0], match.start(), match.end())
                       for match in TOKEN.finditer(self.text) if match.lastgroup != 'skip']
        self.first = first
        self.mutants = []  # (place, what)
        self.edits = []    # (position, order, text)
        self.match = self.pair()
        self.runs = self.find_code()
        self.statements = self.find_statements()

    def pair(self):
        match, stack = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind == 'sign' and token.text in OPENS:
                stack.append(i)
            elif token.kind == 'sign' and token.text in CLOSES:
                match[stack[-1]] = i
                match[i] = stack.pop()
        return match

    def find_code(self):
        """Which tokens are inside of functions."""
        runs = [False] * len(self.tokens)
        i = head = 0
        while i < len(self.tokens):
            text = self.tokens[i].text
            if text == '{':
                words = [token.text for token in self.tokens[head:i]]
                if 'template' in words and '(' not in words:
                    words = words[words.index('>') + 1:] if '>' in words else words
                scope = any(word in words for word in ('namespace', 'class', 'struct', 'union')) and '(' not in words
                if scope:
                    head = i + 1
                elif 'enum' in words or '(' not in words:  # an enum, or braces that initialize
                    i = self.match[i]
                else:
                    for j in range(i, self.match[i]):
                        runs[j] = True
                    i = self.match[i]
                    head = i + 1
            elif text in '};':
                head = i + 1
            elif text == ':' and i and self.tokens[i - 1].text in ('public', 'private', 'protected'):
                head = i + 1
            elif text == '(':
                i = self.match[i]
                if self.tokens[i + 1].text == ':':  # what a constructor initializes runs too
                    while self.tokens[i].text != '{' or self.tokens[i - 1].kind == 'word':
                        i = self.match[i] if self.tokens[i].text in '({' and i in self.match and i > 0 else i
                        i += 1
                    continue
            i += 1
        # What the compiler evaluates does not run.
        i = 0
        while i < len(self.tokens):
            text = self.tokens[i].text
            if runs[i] and text in ('static_assert', 'constexpr', 'case', 'using', 'sizeof', 'static', 'asm', 'template',
                                    '__builtin_constant_p', 'decltype'):
                end = i + 1
                if text == 'constexpr' and self.tokens[i - 1].text == 'if':
                    end = self.match[i + 1]
                elif text in ('sizeof', 'decltype'):
                    end = self.match[i + 1] if self.tokens[i + 1].text == '(' else i + 1
                elif text == 'template':
                    end = i + 1
                else:
                    stop = ':' if text == 'case' else ';'
                    while self.tokens[end].text != stop:
                        end = self.match[end] if self.tokens[end].text in OPENS and end in self.match else end + 1
                for j in range(i, min(end + 1, len(runs))):
                    runs[j] = False
                i = end
            i += 1
        return runs

    def find_statements(self):
        """Where statements begin."""
        begins, inside = [], [None]
        for i in range(1, len(self.tokens)):
            if i in self.match:
                inside.append(i) if self.match[i] > i else inside.pop()
            if not self.runs[i] or self.tokens[i].text in OPENS + CLOSES + ';,.' or not self.is_block(inside[-1]):
                continue
            before = self.tokens[i - 1].text
            if before in ';{' or (before == '}' and self.is_block(self.match[i - 1])):
                begins.append(i)
            elif before == 'else' or (before == ':' and self.is_label(i - 1)):
                begins.append(i)
            elif before == ')' and self.tokens[self.match[i - 1] - 1].text in ('if', 'while', 'for'):
                begins.append(i)
        return begins

    def is_block(self, brace):
        if brace is None or self.tokens[brace].text != '{' or not self.runs[brace]:
            return False
        before = self.tokens[brace - 1].text
        return self.is_block(brace - 1) if before == '{' else self.is_label(brace - 1) if before == ':' else \
            before in (')', 'else', 'do', '}', ';', 'const', 'noexcept', 'mutable', 'PICOCLAUDE_NONBLOCKING')

    def is_label(self, colon):
        i = colon - 1
        while self.tokens[i].text not in ';{}?' and self.tokens[i].text not in ('case', 'default'):
            i -= 1
        return self.tokens[i].text in ('case', 'default')

    # ---- what is no fault -------------------------------------------------------------------------------------------

    def is_switch(self, begin, end):
        """PICOCLAUDE_X, !PICOCLAUDE_X, PICOCLAUDE_X != 0, or a constexpr bool of this file: the compiler's."""
        said = self.said(begin, end)
        return re.fullmatch(r'!?PICOCLAUDE_\w+( [!=]= \d+)?', said) is not None or \
            re.search(rf'constexpr bool {said} =', self.text) is not None if re.fullmatch(r'[\w !=]+', said) else False

    def is_array_size(self, i):
        """char digits[10] = {};"""
        return self.tokens[i - 1].text == '[' and self.tokens[i + 1].text == ']' and \
            self.tokens[i - 2].kind == 'word' and self.tokens[i - 3].kind == 'word' and self.tokens[i - 3].text != 'return'

    def is_edge(self, i):
        """The < of a < b ? a : b, and the > of if (a > b) a = b: where a is b, both ways give the same."""
        left = (self.before(i, ('&&', '||')), i - 1)
        right = (i + 1, self.behind(i))
        sides = {re.sub(r'[ ()]|static_cast<[\w:]+>|(?<=\d)u', '', self.said(*side)) for side in (left, right)}
        after = right[1] + 1
        if self.tokens[after].text == '?':
            colon = self.behind(after) + 1
            chosen = [(after + 1, colon - 1), (colon + 1, self.behind(colon))]
        elif self.tokens[after].text == ')' and self.tokens[left[0] - 2].text == 'if':
            equals = next(j for j in range(after, len(self.tokens)) if self.tokens[j].text in (';', '{', '='))
            chosen = [(after + 1, equals - 1), (equals + 1, self.behind(equals))]
        else:
            return False
        return sides == {re.sub(r'[ ()]|static_cast<[\w:]+>|(?<=\d)u', '', self.said(*one)) for one in chosen if one[0] <= one[1]}

    # ---- faults -----------------------------------------------------------------------------------------------------

    def number(self, i, what):
        self.mutants.append((self.tokens[i].at, what))
        return self.first + len(self.mutants) - 1

    def wrap(self, begin, end, before, after):
        """Around the tokens begin..end; what is longer is outside."""
        size = self.tokens[end].end - self.tokens[begin].at
        self.edits.append((self.tokens[begin].at, (1, -size, len(self.edits)), before))
        self.edits.append((self.tokens[end].end, (0, size, -len(self.edits)), after))

    def said(self, begin, end):
        return ' '.join(self.text[self.tokens[begin].at:self.tokens[end].end].split())

    def is_spaced(self, i):
        token = self.tokens[i]
        return self.text[token.at - 1] in ' \n' and self.text[token.end] in ' \n'

    def operator(self, i):
        text = self.tokens[i].text
        if text not in BECOMES or not self.is_spaced(i) or self.tokens[i - 1].text in ('operator', ',', '(', 'return'):
            return
        if self.is_switch(self.before(i, ('&&', '||', '?')), self.behind(i)):
            return
        edge = text in ('<', '>', '<=', '>=') and self.is_edge(i)
        # What is no fault has a number too: Wedge knows only that of the first.
        numbers = [self.number(i, None if edge and other[0] == text[0] else f'{text} becomes {other}') for other in BECOMES[text]]
        self.edits.append((self.tokens[i].end, (2, 0, 0), f' mutants::Wedge<{numbers[0]}>() {text} '))

    def constant(self, i):
        token = self.tokens[i]
        if self.is_array_size(i) or (self.tokens[i - 1].text in ('!=', '==') and self.tokens[i - 2].text.startswith('PICOCLAUDE_')):
            return
        if token.kind == 'number' or token.kind == 'char':
            more = self.number(i, f'{token.text} + 1')
            if token.kind == 'char':
                self.wrap(i, i, f'mutants::other({more}, ', ')')
                return
            less = '' if int(re.sub("[uUlL']", '', token.text), 0) == 0 else \
                f' : mutants::on({self.number(i, f"{token.text} - 1")}) ? {token.text} - 1'
            self.wrap(i, i, f'(mutants::on({more}) ? {token.text} + 1{less} : ', ')')
        elif token.text in ('true', 'false') and self.tokens[i - 2].text != 'while':
            self.wrap(i, i, f'(mutants::on({self.number(i, f"not {token.text}")}) != ', ')')

    def error(self, i):
        if self.tokens[i].text == 'Error' and self.tokens[i + 1].text == '::' and self.tokens[i + 2].text != 'none' and \
                self.tokens[i - 1].text in ('return', '(', '?', ':', '='):
            name = self.said(i, i + 2)
            self.wrap(i, i + 2, f'(mutants::on({self.number(i, f"{name} becomes Error::none")}) ? Error::none : ', ')')

    def condition(self, i):
        if self.tokens[i].text not in ('if', 'while') or self.tokens[i + 1].text != '(':
            return
        begin, end = i + 2, self.match[i + 1] - 1
        if self.said(begin, end) == 'true':
            return  # behind an endless loop there is nothing to go to
        for j in range(begin, end):
            if self.tokens[j].text == ';':
                begin = j + 1
        if any(self.tokens[j].text == '=' for j in range(begin, end)) or self.is_comparison(begin, end):
            return
        self.wrap(begin, end, f'mutants::on({self.number(i, f"not ({self.said(begin, end)})")}) != static_cast<bool>(', ')')

    def is_comparison(self, begin, end):
        """Its operator becomes the opposite already."""
        texts = [self.tokens[j].text for j in range(begin, end + 1) if self.is_spaced(j)]
        return '&&' not in texts and '||' not in texts and \
            sum(text in ('<', '>', '<=', '>=', '==', '!=') for text in texts) == 1

    def choice(self, i):
        if self.tokens[i].text != '?':
            return
        begin = self.before(i, ('&&', '||'))
        if self.is_comparison(begin, i - 1):
            return
        self.wrap(begin, i - 1, f'(mutants::on({self.number(begin, f"not ({self.said(begin, i - 1)})")}) != static_cast<bool>(', '))')

    def is_bracket(self, i):
        """The < or > of template arguments."""
        return self.tokens[i].text in '<>' and not self.is_spaced(i)

    def before(self, i, through):
        """The first token of the operand that ends in front of i."""
        depth, j = 0, i
        while True:
            j -= 1
            text = self.tokens[j].text
            if self.tokens[j].kind == 'sign' and text in CLOSES:
                j = self.match[j]
            elif self.is_bracket(j):
                depth += 1 if text == '>' else -1
            elif depth == 0 and (text in ('return', ',', ':', '?', ';', '(', '{', '[', '&&', '||') or text in ASSIGNS) and \
                    text not in through:
                return j + 1

    def behind(self, i):
        depth, j = 0, i
        while True:
            j += 1
            text = self.tokens[j].text
            if self.tokens[j].kind == 'sign' and text in OPENS:
                j = self.match[j]
            elif self.is_bracket(j):
                depth += 1 if text == '<' else -1
            elif depth == 0 and text in (',', ':', '?', ';', ')', '}', ']', '&&', '||'):
                return j - 1

    def operands(self):
        """Each operand of && and || in turn is left out."""
        seen = set()
        for i, token in enumerate(self.tokens):
            if token.text not in ('&&', '||') or not self.runs[i] or not self.is_spaced(i):
                continue
            for begin, end in ((self.before(i, ()), i - 1), (i + 1, self.behind(i))):
                if (begin, end) in seen or '...' in (self.tokens[begin].text, self.tokens[end].text) or \
                        self.is_switch(begin, end):
                    continue
                seen.add((begin, end))
                number = self.number(begin, f'without {self.said(begin, end)}')
                keep = f'mutants::on({number}) ||' if token.text == '&&' else f'!mutants::on({number}) &&'
                self.wrap(begin, end, f'({keep} static_cast<bool>(', '))')

    def statement(self, begin):
        """An assignment, a call, a count or a jump is left out."""
        end = begin
        assigns = called = False
        while self.tokens[end].text != ';':
            if self.tokens[end].kind == 'sign' and self.tokens[end].text in OPENS:
                called = called or self.tokens[end].text == '('
                if self.tokens[end].text == '{' and self.tokens[end - 1].text == ')':
                    return  # a compound statement
                end = self.match[end]
            assigns = assigns or self.tokens[end].text in ASSIGNS
            end += 1
        first = self.tokens[begin]
        if self.said(begin, end).startswith('static_cast<void>('):
            return  # it does nothing
        if first.text in ('if', 'for', 'while', 'switch', 'return', 'case', 'default', 'do', 'using', 'constexpr', 'const',
                          'static', 'static_assert', 'auto', 'else', 'break', 'template', 'typename', 'enum', 'struct'):
            return
        count = first.text in ('++', '--') or self.tokens[end - 1].text in ('++', '--')
        if first.text != 'continue' and not count:
            # A declaration begins with two words, or with a type that ends in * & or >.
            words = self.text[first.at:self.tokens[end].end]
            if not (assigns or called) or re.match(r'(::)?[\w:]+(<[^;=]*>)?[*&]*\s+[*&]?\w', words):
                return
        number = self.number(begin, f'without {self.said(begin, end)}')
        self.wrap(begin, end, f'if (!mutants::on({number})) {{ ', ' }')

    def counted(self, i):
        """++x or x++ inside of an expression."""
        if self.tokens[i].text not in ('++', '--') or i in self.statements or self.tokens[i + 1].text in (';', ')') and \
                self.tokens[i - 1].text != ']' and self.before(i, ()) in self.statements:
            return
        match = re.compile(r'(\+\+|--)[\w.]+(->\w+)*(\[[\w.\->]+( - 1)?\])?').match(self.text, self.tokens[i].at)
        if match and self.tokens[i - 1].text not in (';', ')', ','):
            end = next(j for j in range(i, len(self.tokens)) if self.tokens[j].end >= match.end())
            number = self.number(i, f'without {self.tokens[i].text} of {match[0]}')
            self.wrap(i, end, f'(mutants::on({number}) ? {match[0][2:]} : ', ')')
        elif self.tokens[i - 1].kind == 'word' and self.tokens[i - 2].text not in ('.', '->', ';', ')') and \
                self.tokens[i + 1].text not in (')', ';'):
            name = self.tokens[i - 1].text
            number = self.number(i, f'without {self.tokens[i].text} of {name}')
            self.wrap(i - 1, i, f'(mutants::on({number}) ? {name} : ', ')')

    def mutate(self):
        for i in range(len(self.tokens)):
            if not self.runs[i]:
                continue
            self.condition(i)
            self.choice(i)
            self.operator(i)
            self.constant(i)
            self.error(i)
            self.counted(i)
        for begin in self.statements:
            self.statement(begin)
        self.operands()
        self.edits.sort(key=lambda edit: edit[:2])
        parts, at = [], 0
        for position, _, text in self.edits:
            parts += [self.text[at:position], text]
            at = position
        return ''.join(parts) + self.text[at:]

    def keys(self):
        """file | line of text | fault | which of those that read alike: true as long as the text is. None: no fault."""
        seen = collections.Counter()
        for at, what in self.mutants:
            if what is None:
                yield None
                continue
            line = self.text[self.text.rfind('\n', 0, at) + 1:self.text.find('\n', at)].strip()
            key = f'{self.path.relative_to(ROOT / "include/picoclaude")} | {line} | {what}'
            seen[key] += 1
            yield key if seen[key] == 1 else f'{key} | {seen[key]}'


def write(folder):
    """Writes the changed headers, and answers the faults by their numbers."""
    include = ROOT / 'include'
    chosen = sorted(path for pattern in HEADERS for path in (include / 'picoclaude').glob(pattern))
    keys = []
    for path in sorted(include.rglob('*.hpp')):
        text = path.read_text()
        if path in chosen:
            header = Header(path, len(keys))
            text = header.mutate()
            keys += header.keys()
        if path.name == 'config.hpp':
            text += '\n#include "mutants.hpp"\n'
        unity.write_changed(folder / 'include' / path.relative_to(include), text)
    unity.write_changed(folder / 'include/picoclaude/mutants.hpp', (ROOT / 'tests/mutation/mutants.hpp').read_text())
    return keys

from hand import commit, say, swap, take

take("05", "textkit/slug.py")
commit("Implement slugify")
take("05", "textkit/wrap.py")
commit("Implement wrap")
swap("textkit/wrap.py", 'lines[-1] += " " + word', 'lines[-1] = f"{lines[-1]} {word}"')
commit("Read better")
say()

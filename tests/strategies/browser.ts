/** As much of a browser as a login needs: cookies of a host, redirects, forms. */
export interface Page {
  readonly status: number;
  readonly url: URL;
  readonly text: string;
  readonly cookies: readonly string[];
  /** Where it redirects to; undefined when it does not. */
  readonly location: URL | undefined;
}

export class Browser {
  /** Browsers give the cookies of a host to all of its ports. */
  readonly cookies = new Map<string, string>();

  async visit(url: string | URL, form?: Readonly<Record<string, string>>): Promise<Page> {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) }),
    });
    const cookies = response.headers.getSetCookie();
    for (const cookie of cookies) this.#keep(cookie);
    const target = response.headers.get("location");
    const location = target === null ? undefined : new URL(target, url);
    return { status: response.status, url: new URL(url), text: await response.text(), cookies, location };
  }

  #keep(cookie: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    const isGone = value === "" || /max-age=0/i.test(cookie) || /expires=Thu, 01 Jan 1970/i.test(cookie);
    if (isGone) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Follows redirects to the first page that is none, or up to the one that goes `to`, which is not visited. */
  async follow(page: Page, to?: string): Promise<Page> {
    let current = page;
    for (let hops = 0; current.location !== undefined && hops < 10; hops++) {
      if (to !== undefined && current.location.href.startsWith(to)) return current;
      current = await this.visit(current.location);
    }
    return current;
  }

  /** Sends the form of a page with what it hides and these fields. */
  submit(page: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`No form at ${page.url}: ${page.status} ${page.text.slice(0, 500)}`);
    const hidden = page.text.matchAll(/type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"/g);
    const known = Object.fromEntries([...hidden].map(([, name, value]) => [name, value]));
    return this.visit(new URL(action, page.url), { ...known, ...fields });
  }
}
